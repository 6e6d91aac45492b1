/** Time as the engine sees it: only durations, never the time of day. */
export interface MonotonicClock {
  /** A monotonic count of milliseconds, from any origin. */
  elapsed(): number;
  /**
   * Runs `task` once, after `ms` milliseconds; returns a function that cancels it. With `awaited` the timer keeps the
   * process alive; without it does not.
   */
  schedule(ms: number, task: () => void, awaited?: "awaited"): () => void;
}

/** The process's monotonic clock: setting the machine's time does not move it. */
export const monotonicClock: MonotonicClock = {
  elapsed: () => performance.now(),
  schedule(ms, task, awaited) {
    const timer = setTimeout(task, ms);
    if (!awaited) timer.unref();
    return () => clearTimeout(timer);
  },
};
