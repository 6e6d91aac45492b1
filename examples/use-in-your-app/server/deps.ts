import { createCache } from "clarify-context/cache";
import { memory } from "clarify-context/cache/memory";
import { after } from "next/server";
import { createStore } from "./store";

function createDeps() {
  const cache = createCache({
    // Where several processes share one cache: upstash({ url, token }) or redis({ url }).
    store: memory(),
    // Keeps a function alive until what the cache does behind an answer is done.
    background: { run: (_name, task) => after(task) },
  });
  return { cache, store: createStore() };
}

declare global {
  var deps: ReturnType<typeof createDeps> | undefined;
}

/** Pages and route handlers are bundled apart, and have to share one cache. */
export function getDeps() {
  globalThis.deps ??= createDeps();
  return globalThis.deps;
}
