/** Made once, because a process whose store hangs would make many. */
export const TIMED_OUT = new DOMException("The store took too long", "TimeoutError");

const SLICES = 10;
/** Timers are late by a little in a process that is not busy at all. */
const LATE = 1.5;

interface Deadline {
  readonly controller: AbortController;
  /** How much of its time is left, in milliseconds, as of `lookedAt`. */
  left: number;
  lookedAt: number;
}

/**
 * Gives up what takes longer than `ms` in which this process could have looked at an answer: counted in slices, each with
 * a turn of the event loop behind it, because a process that is busy with itself must not take that for a store that is
 * slow. All deadlines share one timer, which rests while there are none.
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

  /** Runs something whose signal aborts with `TIMED_OUT`. */
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
      // Nearer to now than to the next look.
      if (deadline.left < this.#sliceMs / 2) deadline.controller.abort(TIMED_OUT);
    }
    if (this.#waiting.size > 0) this.#later();
    else this.#ticking = false;
  }
}
