import { createCache } from "clarify-context/cache";
import { memory } from "clarify-context/cache/memory";
import { after } from "next/server";
import { createStore } from "./store";

function createDeps() {
  const cache = createCache({
    // For several processes that share one cache: upstash({ url, token }) or redis({ url }).
    store: memory(),
    // Keeps a function alive until the cache's work after an answer is done.
    background: { run: (_name, task) => after(task) },
  });
  return { cache, store: createStore() };
}

declare global {
  var deps: ReturnType<typeof createDeps> | undefined;
}

/** Pages and route handlers are bundled separately, and have to share one cache. */
export function getDeps() {
  globalThis.deps ??= createDeps();
  return globalThis.deps;
}
