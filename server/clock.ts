import { setTimeout as delay } from "node:timers/promises";

/** Time, injected so that tests control it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A monotonic count of milliseconds, for durations. */
  elapsed(): number;
  /** Waits this many milliseconds; rejects when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Runs `task` every `ms` milliseconds until the returned function is called. */
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

/** Waits for work, but at most this many milliseconds. The work goes on after that. Resolves also if it fails. */
export async function waitAtMost(ms: number, work: Promise<unknown>, clock: Pick<Clock, "pause">): Promise<void> {
  const over = new AbortController();
  const pause = clock.pause(ms, over.signal);
  await Promise.race([Promise.allSettled([work]), pause.catch(() => undefined)]);
  over.abort();
}
