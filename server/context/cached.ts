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
import { entry, parsedInput, resolvePolicy } from "@/server/cache";

/** What caching needs in a procedure's context. */
export interface CacheContext {
  cache: Cache;
  /** Called for each read, with its outcome. */
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
  /** The name of the entries. Default: the procedure's path. */
  name?: string;
  policy: CachePolicy;
  /** The owner of the result: an id from the context, or `"shared"`. Default: `ctx.user.id`. */
  scope?: Scope<Ctx> | undefined;
  /**
   * Tags that outdate the result in addition to its own name, for all owners, as in `project:7`: see `cache.write` and
   * `cache.invalidate`.
   */
  tags?: (input: Input, ctx: Ctx) => readonly string[];
}

export type Scope<Ctx> = "shared" | ((ctx: Ctx) => string | number);

/** Added to the resolver's context: a signal of the load, which may outlive the request. */
interface LoadContext {
  loadSignal: AbortSignal;
}

type ParsedInput<InputOut> = InputOut extends UnsetMarker ? undefined : InputOut;

/** The scope is required if the context has no user. */
type OptionsFor<Ctx, Input> = CachedOptions<Ctx, Input> &
  (Ctx extends { user: { id: string | number } } ? unknown : { scope: Scope<Ctx> });

/**
 * Caches a query's result per owner and parsed input: `cached(procedure.input(schema), { policy }).query(…)`. Only
 * `query` can follow, so that a mutation, a subscription, or an input that would not be part of the key does not
 * compile. Keys are made of declared input only; without one there is one entry, whatever is sent. Concurrent misses of
 * an entry share one load, and a failure is never kept. A write that names `entryKey(name, owner)` outdates the results
 * of all inputs; the owner of a shared result is `null`.
 *
 * **A hit skips only the resolver:** all middleware of `procedure` runs before the cache is asked, so it must refuse
 * callers who may not read. The result must depend only on the scope and the input. If a right changes what the same
 * person sees, changing that right has to outdate the entry, like any other write.
 * @throws {TypeError} for an invalid policy. A query that returns a generator rejects, because its result cannot be
 * kept.
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
    const result = entry({
      name,
      owner: scope === "shared" ? null : scope(ctx),
      input: parsedInput,
      policy,
      tags: (input) => tags?.(input, ctx) ?? [],
      load: async (_input, loadSignal) => {
        const resolved = await call.next({ ctx: { loadSignal } });
        if (!resolved.ok) throw resolved.error;
        if (isGenerator(resolved.data)) throw notKept(call.path);
        return resolved.data;
      },
    });
    const { value, ...read } = await ctx.cache.read(result, call.input);

    ctx.onCacheRead?.({ name, ...read });
    return { ok: true, data: value, marker: middlewareMarker };
  });
}

/** An error message instead of the type if a procedure's context has no cache. */
type CanCache<Ctx> = Ctx extends CacheContext ? unknown : "The procedure's context needs `cache`";

/** The types make sure that there is a user if the scope is left out. */
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
