import type { MonotonicClock } from "./clock";
import { LoadTimeoutError } from "./errors";

export type Loader<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Runs a loader for at most `timeoutMs` milliseconds, then aborts its signal and rejects with a `LoadTimeoutError`,
 * whether the loader reacts to the signal or not.
 */
export function runLoader<T>(load: Loader<T>, timeoutMs: number, clock: MonotonicClock): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const controller = new AbortController();
    const giveUp = () => {
      const error = new LoadTimeoutError(timeoutMs);
      reject(error);
      controller.abort(error);
    };
    const cancel = clock.schedule(timeoutMs, giveUp, "awaited");
    const loading = (async () => load(controller.signal))();
    loading.finally(cancel).then(resolve, reject);
  });
}

/** The wait for a promise has ended before the promise did. */
export class SoftTimeout extends Error {
  override name = "SoftTimeout";
}

/**
 * Waits for the promise for at most `ms` milliseconds, then rejects with a `SoftTimeout`. A later result or rejection
 * is ignored.
 */
export function within<T>(promise: Promise<T>, ms: number | undefined, clock: MonotonicClock): Promise<T> {
  if (ms === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.schedule(ms, () => reject(new SoftTimeout()), "awaited");
    promise.finally(cancel).then(resolve, reject);
  });
}
