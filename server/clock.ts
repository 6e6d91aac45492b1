import { setTimeout as delay } from "node:timers/promises";

/** Time, injected so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A monotonic count of milliseconds, for durations. */
  elapsed(): number;
  /** Waits so many milliseconds; rejects as soon as the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Runs `task` every so many milliseconds until the returned function is called. */
  every(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  pause: (ms, signal) => delay(ms, undefined, { signal }),
  every(ms, task) {
    const timer = setInterval(task, ms);
    return () => clearInterval(timer);
  },
};
