import { ManualClock } from "@/server/cache/testing/manual-clock";
import type { Clock } from "@/server/clock";

/** The server's clock, which stands still until it is advanced. */
export class ManualTime implements Clock {
  readonly #timers = new ManualClock();

  now(): number {
    return this.#timers.elapsed();
  }

  elapsed(): number {
    return this.#timers.elapsed();
  }

  pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#timers.schedule(ms, resolve);
      signal.addEventListener("abort", () => {
        cancel();
        reject(signal.reason);
      });
    });
  }

  every(ms: number, task: () => void): () => void {
    let cancel = () => {};
    const wait = () => {
      cancel = this.#timers.schedule(ms, () => {
        // Before the task, which may stop it.
        wait();
        task();
      });
    };
    wait();
    return () => cancel();
  }

  /** Advances the time and runs every timer that falls due, in order. */
  advance(ms: number): Promise<void> {
    return this.#timers.advance(ms);
  }
}
