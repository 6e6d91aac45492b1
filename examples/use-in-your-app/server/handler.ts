import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { BackgroundRunner } from "@/server/cache";
import { createCache } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import { upstash } from "@/server/cache/upstash";
import type { PracticeStore } from "./practice-store";
import { appRouter } from "./root";

export interface HandlerOptions {
  store: PracticeStore;
  /** Who sent the request; null when nobody is signed in. */
  authenticate(request: Request): Promise<{ id: string } | null>;
  background: BackgroundRunner;
  /** Where several processes share one cache; without it, each keeps its own. */
  redis?: { url: string; token: string };
}

/** What a route handler answers with. Built once per process, because the process has one cache. */
export function createHandler({ store, authenticate, background, redis }: HandlerOptions) {
  const cache = createCache({
    store: redis ? upstash(redis) : memory(),
    background,
  });
  return (request: Request): Promise<Response> =>
    fetchRequestHandler({
      endpoint: "/api/trpc",
      req: request,
      router: appRouter,
      createContext: async () => ({ cache, store, user: await authenticate(request) }),
    });
}
