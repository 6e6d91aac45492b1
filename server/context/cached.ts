import { TRPCError } from "@trpc/server";
import type {
  AnyProcedureBuilder,
  MiddlewareResult,
  Overwrite,
  ProcedureBuilder,
  Simplify,
  UnsetMarker,
} from "@trpc/server/unstable-core-do-not-import";
import { middlewareMarker } from "@trpc/server/unstable-core-do-not-import";
import type { Cache, CachePolicy, CacheRead } from "@/server/cache";
import { entryKey, resolvePolicy } from "@/server/cache";

/** What caching asks of a procedure's context. */
export interface CacheContext {
  cache: Cache;
  /** Told about each read: what was asked, what came of it. */
  onCacheRead?: ((read: ObservedRead) => void) | undefined;
}

/** The context of a procedure whose results are kept per user. */
export interface CachedContext extends CacheContext {
  user: { id: string };
}

export interface ObservedRead extends Omit<CacheRead<unknown>, "value"> {
  /** The cached procedure's name, without the user. */
  name: string;
}

export interface CachedOptions<Ctx = CachedContext, Input = unknown> {
  /** What entries are kept under; the procedure's path when not given. */
  name?: string;
  policy: CachePolicy;
  /** Whose the result is: their id, from wherever the application keeps it, or everybody's. Default: `ctx.user.id`. */
  scope?: Scope<Ctx> | undefined;
  /**
   * What outdates the result besides its own name, for everybody whose result has the tag, as in `project:7`: see `cache.write`
   * and `cache.invalidate`.
   */
  tags?: (input: Input, ctx: Ctx) => readonly string[];
}

export type Scope<Ctx> = "shared" | ((ctx: Ctx) => string | number);

/** What the resolver finds in its context: the load may outlive the request, so it has a signal of its own. */
interface LoadContext {
  loadSignal: AbortSignal;
}

type ParsedInput<InputOut> = InputOut extends UnsetMarker ? undefined : InputOut;

/** Where no user stands in the context, the scope has to be said. */
type OptionsFor<Ctx, Input> = CachedOptions<Ctx, Input> &
  (Ctx extends { user: { id: string | number } } ? unknown : { scope: Scope<Ctx> });

/**
 * Keeps a query's result per person and parsed input: `cached(procedure.input(schema), { policy }).query(…)`. Only `query` can
 * follow, so that a mutation, a subscription, or an input that would not be part of the key does not compile. Keys are made of
 * declared input only; without one there is one entry, whatever is sent. Misses of the same entry share one load; a failure
 * is never kept. A write that names `entryKey(name, id)` outdates the results of all inputs.
 *
 * **A hit skips the resolver, and nothing else:** all middleware of `procedure` runs before the cache is asked, so whoever may
 * not read has to be refused there, not in the resolver. What may be read has to follow from the scope and the input alone:
 * a right that changes what the same person sees outdates the entry when it changes, as any other write.
 * @throws {TypeError} for a policy that is none. A query that returns a generator rejects: there is no result to keep.
 */
export function cached<Root, Meta, Overrides, InputIn, InputOut, OutputIn, OutputOut>(
  procedure: ProcedureBuilder<Root, Meta, Overrides, InputIn, InputOut, OutputIn, OutputOut, false> &
    CanCache<Overwrite<Root, Overrides>>,
  options: OptionsFor<Simplify<Overwrite<Root, Overrides>>, ParsedInput<InputOut>>,
): Pick<
  ProcedureBuilder<Root, Meta, Overwrite<Overrides, LoadContext>, InputIn, InputOut, OutputIn, OutputOut, false>,
  "query"
>;
export function cached(
  procedure: AnyProcedureBuilder,
  { name: given, policy, scope = ofUser, tags }: CachedOptions<CacheContext>,
): Pick<AnyProcedureBuilder, "query"> {
  resolvePolicy(policy);
  return procedure.use(async (call): Promise<MiddlewareResult<LoadContext>> => {
    const ctx: CacheContext = call.ctx;
    const name = given ?? call.path;
    const of = (input?: unknown) => (scope === "shared" ? sharedKey(name, input) : entryKey(name, scope(ctx), input));
    const [key, allInputs] = [of(call.input), of()];
    const outdatedBy = [...(key === allInputs ? [] : [allInputs]), ...(tags?.(call.input, ctx) ?? [])];

    const load = async (loadSignal: AbortSignal) => {
      const result = await call.next({ ctx: { loadSignal } });
      if (!result.ok) throw result.error;
      if (isGenerator(result.data)) throw notKept(call.path);
      return result.data;
    };
    const { value, ...read } = await ctx.cache.getOrSet(key, load, policy, { tags: outdatedBy });

    ctx.onCacheRead?.({ name, ...read });
    return { ok: true, data: value, marker: middlewareMarker };
  });
}

/** The key of a result that is everybody's. No user's key is equal to it. */
export function sharedKey(name: string, input?: unknown): string {
  return entryKey(`shared:${name}`, name, input);
}

/** A message in place of the type where a procedure's context has no cache. */
type CanCache<Ctx> = Ctx extends CacheContext ? unknown : "The procedure's context needs `cache`";

/** The types have it that there is one wherever the scope is left out. */
function ofUser(ctx: CacheContext): string | number {
  const { user }: { user?: { id?: unknown } } = ctx as Partial<CachedContext>;
  const id = user?.id;
  if (typeof id === "string" || typeof id === "number") return id;
  throw new TRPCError({ code: "UNAUTHORIZED", message: "Nobody is signed in whose result this could be" });
}

function isGenerator(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    (Symbol.asyncIterator in value || ("next" in value && Symbol.iterator in value))
  );
}

function notKept(path: string): TRPCError {
  return new TRPCError({
    code: "INTERNAL_SERVER_ERROR",
    message: `${path} returns a generator, which cannot be cached`,
  });
}
