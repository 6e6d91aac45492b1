/** The pauses between tries, in milliseconds. They double from the first to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** How long success has to last until the next pause is the first again, in milliseconds. */
const LASTING_MS = 10_000;

export interface RetryTimers {
  /** Milliseconds from a fixed moment; never goes back. */
  now(): number;
  /** Runs a task after `ms` milliseconds; returns a function that cancels it. */
  after(ms: number, task: () => void): () => void;
  /** A random number from 0 up to 1, so that pauses differ between pages. */
  random(): number;
}

export type Retry = ReturnType<typeof createRetry>;

/** The browser's clock, timers and random numbers. */
export const browserTimers: RetryTimers = {
  now: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Schedules retries: after growing pauses, each shortened at random by up to half, and sooner after a hint. */
export function createRetry({ now, after, random }: RetryTimers, attempt: () => void) {
  let failures = 0;
  let failedAt = 0;
  let reachedAt: number | null = null;
  let callOff: (() => void) | null = null;

  const pause = () => Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);

  function attemptIn(ms: number) {
    callOff?.();
    callOff = after(ms, () => {
      callOff = null;
      attempt();
    });
  }

  return {
    /** Whether another attempt is planned. */
    waiting: () => callOff !== null,

    /** An attempt has failed. */
    failed(): void {
      if (reachedAt !== null && now() - reachedAt >= LASTING_MS) failures = 0;
      reachedAt = null;
      failures += 1;
      failedAt = now();
      attemptIn(pause() * (1 - random() / 2));
    },

    /**
     * A hint that an attempt may succeed now. Hints may be wrong and frequent, so a quarter of the pause is kept. Does
     * nothing if no attempt is planned.
     */
    hint(): void {
      if (callOff !== null) attemptIn(Math.max(0, failedAt + pause() / 4 - now()));
    },

    /**
     * Stops retrying for now, because the server was reached. If it fails again soon, the pauses go on growing: it may answer
     * some requests and fail all others.
     */
    reached(): void {
      reachedAt ??= now();
      callOff?.();
      callOff = null;
    },

    /** Stops retrying, because an attempt succeeded or is no longer wanted. */
    stop(): void {
      failures = 0;
      callOff?.();
      callOff = null;
    },
  };
}

/**
 * Calls back when the browser has a reason to believe that the server may be reachable again. Returns a function that
 * stops it.
 */
export function onHints(hint: () => void): () => void {
  const inWindow = ["online", "focus", "pageshow"] as const;
  for (const event of inWindow) window.addEventListener(event, hint);
  for (const event of ["visibilitychange", "resume"]) document.addEventListener(event, hint);
  return () => {
    for (const event of inWindow) window.removeEventListener(event, hint);
    for (const event of ["visibilitychange", "resume"]) document.removeEventListener(event, hint);
  };
}
