import { initTRPC, TRPCError } from "@trpc/server";
import type { MiddlewareResult } from "@trpc/server/unstable-core-do-not-import";
import { middlewareMarker } from "@trpc/server/unstable-core-do-not-import";
import type { Cache, CachePolicy, CacheRead } from "@/server/cache";
import { entryKey } from "@/server/cache";

/** What the middleware asks of a procedure's context. A procedure without a signed-in user does not compile. */
export interface CachedContext {
  cache: Cache;
  user: { id: string };
  /** Told about each read: what was asked, what came of it. */
  onCacheRead?: ((read: ObservedRead) => void) | undefined;
}

export interface ObservedRead extends Omit<CacheRead<unknown>, "value"> {
  /** The cached procedure's name, without the user. */
  name: string;
}

export interface CachedOptions {
  /** What entries are kept under; the procedure's path when not given. */
  name?: string;
  policy: CachePolicy;
}

/** What the resolver finds in its context: the load may outlive the request, so it has a signal of its own. */
interface LoadContext {
  loadSignal: AbortSignal;
}

const t = initTRPC.context<CachedContext>().create();

/**
 * Keeps a query's result per procedure, user and parsed input: `procedure.input(schema).concat(cached({ policy })).query(…)`.
 * It stands behind `.input()`, so that a key is made of declared input only; without one there is one entry per user,
 * whatever is sent. A hit skips the resolver and everything behind `cached`, so whoever may not read has to be refused
 * before it. Misses of the same entry share one load; a failure is never kept.
 * @throws {TRPCError} INTERNAL_SERVER_ERROR when put on anything but a query, or before `.input()`.
 */
export function cached(options: CachedOptions) {
  const reading = t.procedure.use(async (call): Promise<MiddlewareResult<LoadContext>> => {
    if (call.type !== "query") {
      const message = `cached() is for queries; ${call.path} is a ${call.type}`;
      throw new TRPCError({ code: "INTERNAL_SERVER_ERROR", message });
    }
    const { cache, user, onCacheRead } = call.ctx;
    const name = options.name ?? call.path;
    const allVariants = entryKey(name, user.id);
    const key = entryKey(name, user.id, call.input);

    const load = async (loadSignal: AbortSignal) => {
      const result = await call.next({ ctx: { loadSignal } });
      if (!result.ok) throw result.error;
      return result.data;
    };
    const { value, ...read } = await cache.getOrSet(
      key,
      load,
      options.policy,
      key === allVariants ? {} : { tags: [allVariants] },
    );

    onCacheRead?.({ name, ...read });
    return { ok: true, data: value, marker: middlewareMarker };
  });
  // Input that is parsed behind this would not be part of the key: everybody would get the first answer.
  return reading.use(({ next, path }) => next({ getRawInput: () => Promise.reject(misplaced(path)) }));
}

function misplaced(path: string): TRPCError {
  return new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: `cached() has to stand behind .input() in ${path}` });
}
