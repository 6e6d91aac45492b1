import type { CacheObserver } from "./events";

/** The observer, whose errors reach nobody's request. The first of them is told to `warn`. */
export function guardObserver(observer: CacheObserver | undefined, warn: (message: string) => void): CacheObserver {
  if (!observer) return () => {};
  let warned = false;
  return (event) => {
    try {
      observer(event);
    } catch (error) {
      if (warned) return;
      warned = true;
      warn(`The cache's observer threw on "${event.type}": ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}
