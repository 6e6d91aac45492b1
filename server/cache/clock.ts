/** Time as the engine sees it. Only differences are used, so the origin is free. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /**
   * Runs `task` once, after `ms`; returns how to cancel it. With `awaited` somebody waits for it, and it keeps the process
   * alive; without it does not.
   */
  schedule(ms: number, task: () => void, awaited?: "awaited"): () => void;
}

/** The process's monotonic clock: setting the machine's time does not move it. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(ms, task, awaited) {
    const timer = setTimeout(task, ms);
    if (!awaited) timer.unref();
    return () => clearTimeout(timer);
  },
};
