import type { CacheObserver } from "./events";

/** Wraps the observer so that its errors reach no request. The first error goes to `warn`. */
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
