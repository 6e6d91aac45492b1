/** The pauses between tries: they double from the first to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export interface RetryTimers {
  /** Milliseconds since any fixed moment; never goes back. */
  now(): number;
  /** Runs a task after some milliseconds; returns how to call it off. */
  after(ms: number, task: () => void): () => void;
  /** A number from 0 up to 1, for pauses that differ between pages. */
  random(): number;
}

export type Retry = ReturnType<typeof createRetry>;

/** The browser's own clock, timers and chance. */
export const browserTimers: RetryTimers = {
  now: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** When to try again what has failed: after pauses that grow, each shortened by up to half by chance, and sooner on a hint. */
export function createRetry({ now, after, random }: RetryTimers, attempt: () => void) {
  let failures = 0;
  let failedAt = 0;
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
      failures += 1;
      failedAt = now();
      attemptIn(pause() * (1 - random() / 2));
    },

    /**
     * Something says that an attempt may succeed now. It may be wrong, and say so often, so a quarter of the pause is kept. Does
     * nothing while nothing waits.
     */
    hint(): void {
      if (callOff !== null) attemptIn(Math.max(0, failedAt + pause() / 4 - now()));
    },

    /** Nothing is left to try: it succeeded, or nobody is interested any more. */
    stop(): void {
      failures = 0;
      callOff?.();
      callOff = null;
    },
  };
}

/** Calls back whenever the browser has a reason to believe that the server may be reached again. Returns how to stop. */
export function onHints(hint: () => void): () => void {
  const inWindow = ["online", "focus", "pageshow"] as const;
  for (const event of inWindow) window.addEventListener(event, hint);
  for (const event of ["visibilitychange", "resume"]) document.addEventListener(event, hint);
  return () => {
    for (const event of inWindow) window.removeEventListener(event, hint);
    for (const event of ["visibilitychange", "resume"]) document.removeEventListener(event, hint);
  };
}
