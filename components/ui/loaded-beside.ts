import { use, useEffect, useSyncExternalStore } from "react";
import { ON_SERVER } from "./on-server";

/**
 * Makes a hook for code that is not among the scripts that the page waits for. In the browser it is loaded beside them, and the hook
 * returns null until it is there. The server waits for it. For what a browser never hydrates.
 * @param otherwise stands in for it if it cannot be loaded; the next component that uses it tries again
 */
export function loadedBeside<Loaded extends object>(
  load: () => Promise<Loaded>,
  otherwise: Loaded,
): () => Loaded | null {
  if (ON_SERVER) {
    let loading: Promise<Loaded> | null = null;
    return function useOnServer() {
      loading ??= load();
      return use(loading);
    };
  }

  const listeners = new Set<() => void>();
  let loaded: Loaded | null = null;
  let isLoading = false;

  async function tryToLoad() {
    if (isLoading || (loaded !== null && loaded !== otherwise)) return;
    isLoading = true;
    loaded = await load().catch(() => otherwise);
    isLoading = false;
    for (const listener of listeners) listener();
  }

  function subscribe(listener: () => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return function useLoaded() {
    useEffect(() => void tryToLoad(), []);
    return useSyncExternalStore(
      subscribe,
      () => loaded,
      () => null,
    );
  };
}
