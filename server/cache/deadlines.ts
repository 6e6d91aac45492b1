/** Made once, because a process whose store hangs would make many. */
export const TIMED_OUT = new DOMException("The store took too long", "TimeoutError");

const SLICES = 10;

interface Deadline {
  readonly controller: AbortController;
  slices: number;
}

/**
 * Gives up what takes longer than `ms` in which this process could have looked at an answer: counted in slices, each
 * with a turn of the event loop behind it, because a process that is busy with itself must not take that for a store
 * that is slow. All deadlines share one timer, which rests while there are none.
 */
export class Deadlines {
  readonly #waiting = new Set<Deadline>();
  #ticking = false;

  constructor(private readonly ms: number) {}

  /** Runs something whose signal aborts with `TIMED_OUT`. */
  async within<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline: Deadline = { controller: new AbortController(), slices: SLICES };
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
    setTimeout(() => setImmediate(() => this.#tick()), this.ms / SLICES).unref();
  }

  #tick(): void {
    for (const deadline of this.#waiting) {
      deadline.slices -= 1;
      if (deadline.slices === 0) deadline.controller.abort(TIMED_OUT);
    }
    if (this.#waiting.size > 0) this.#later();
    else this.#ticking = false;
  }
}
