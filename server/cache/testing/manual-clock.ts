import type { MonotonicClock } from "../clock";

/** A clock that stands still until it is advanced, in whole milliseconds as Redis counts. */
export class ManualClock implements MonotonicClock {
  #elapsed = 0;
  readonly #timers = new Set<{ at: number; task: () => void }>();

  elapsed(): number {
    return this.#elapsed;
  }

  schedule(ms: number, task: () => void): () => void {
    const timer = { at: this.#elapsed + Math.ceil(ms), task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** When the next timer is due, if one is set. */
  get nextTimer(): number | undefined {
    const [first] = [...this.#timers].sort((a, b) => a.at - b.at);
    return first?.at;
  }

  /** Runs every timer that falls due, in order, and lets the promises that it triggered settle in between. */
  async advance(ms: number): Promise<void> {
    await settle();
    const until = this.#elapsed + ms;
    for (let next = this.nextTimer; next !== undefined && next <= until; next = this.nextTimer) {
      this.#elapsed = next;
      this.runDue();
      await settle();
    }
    this.#elapsed = until;
    await settle();
  }

  /** Sets the time forward at once, and runs the timers that are due by then. */
  jump(ms: number): void {
    this.#elapsed += ms;
    this.runDue();
  }

  private runDue(): void {
    for (const timer of [...this.#timers].sort((a, b) => a.at - b.at)) {
      if (timer.at > this.#elapsed || !this.#timers.delete(timer)) continue;
      timer.task();
    }
  }
}

/** Lets every promise that can settle do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
