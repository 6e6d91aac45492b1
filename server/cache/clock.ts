/** Time as the engine sees it. Only differences are used, so the origin is free. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Runs `task` once, after `ms`; returns how to cancel it. Must not keep the process alive. */
  schedule(ms: number, task: () => void): () => void;
}

/** The process's monotonic clock: setting the machine's time does not move it. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(ms, task) {
    const timer = setTimeout(task, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
