/** Created once, because a process whose store hangs would create many. */
export const TIMED_OUT = new DOMException("The store took too long", "TimeoutError");

const SLICES = 10;
/** Timers are slightly late even in an idle process. */
const LATE = 1.5;

interface Deadline {
  readonly controller: AbortController;
  /** The time that is left of it, in milliseconds, as of `lookedAt`. */
  left: number;
  lookedAt: number;
}

/**
 * Ends what takes longer than `ms` milliseconds, not counting time in which this process was too busy to look at an
 * answer: a busy process must not take itself for a slow store. Time is counted in slices, each followed by a turn of
 * the event loop. All deadlines share one timer, which stops while there are none.
 */
export class Deadlines {
  readonly #ms: number;
  readonly #sliceMs: number;
  readonly #waiting = new Set<Deadline>();
  #ticking = false;

  constructor(ms: number) {
    this.#ms = ms;
    this.#sliceMs = ms / SLICES;
  }

  /** Runs a function whose signal aborts with `TIMED_OUT`. */
  async within<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline: Deadline = { controller: new AbortController(), left: this.#ms, lookedAt: performance.now() };
    this.#waiting.add(deadline);
    if (!this.#ticking) this.#later();
    try {
      return await run(deadline.controller.signal);
    } finally {
      this.#waiting.delete(deadline);
    }
  }

  #later(): void {
    this.#ticking = true;
    setTimeout(() => setImmediate(() => this.#tick()), this.#sliceMs).unref();
  }

  #tick(): void {
    const now = performance.now();
    for (const deadline of this.#waiting) {
      deadline.left -= Math.min(now - deadline.lookedAt, this.#sliceMs * LATE);
      deadline.lookedAt = now;
      // The deadline is nearer to now than to the next look.
      if (deadline.left < this.#sliceMs / 2) deadline.controller.abort(TIMED_OUT);
    }
    if (this.#waiting.size > 0) this.#later();
    else this.#ticking = false;
  }
}
