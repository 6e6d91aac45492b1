import type { BackgroundRunner } from "../background";
import type { Clock } from "../clock";
import { StoreError } from "../errors";
import type { BreakerState, CacheObserver } from "../events";

/** Made once: while the breaker is open every read throws it, and it says no more than its code. */
const OPEN = new StoreError("open");

export interface BreakerOptions {
  /** Opens after so many failures in a row. */
  failures: number;
  /** How long it stays open before a probe, in milliseconds. */
  halfOpenAfterMs: number;
  /** The cheapest request there is. Rejects while the store is not well. */
  probe: () => Promise<void>;
  /** Must not throw. */
  background: BackgroundRunner;
  observer: CacheObserver;
  clock: Clock;
}

/**
 * While open, every request is refused at once, and the probe that may close it again runs in the background: no
 * request ever waits to find out whether the store is back. Time is the engine's own clock, because the machine's may be
 * set.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #state: BreakerState = "closed";
  #failures = 0;
  /** When a probe may be sent, while open. */
  #probeAt = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** @throws {StoreError} `open` while the breaker is. */
  assertClosed(): void {
    if (this.#state === "closed") return;
    if (this.#state === "open" && this.#options.clock.elapsed() >= this.#probeAt) this.#probe();
    throw OPEN;
  }

  async run<T>(request: () => Promise<T>): Promise<T> {
    try {
      const result = await request();
      this.#failures = 0;
      return result;
    } catch (error) {
      this.#failures += 1;
      if (this.#state === "closed" && this.#failures >= this.#options.failures) this.#open();
      throw error;
    }
  }

  #open(): void {
    this.#probeAt = this.#options.clock.elapsed() + this.#options.halfOpenAfterMs;
    this.#change("open");
  }

  #probe(): void {
    this.#change("half-open");
    const probing = async () => {
      try {
        await this.#options.probe();
      } catch {
        // Reported by the state that follows it.
        return this.#open();
      }
      this.#failures = 0;
      this.#change("closed");
    };
    // Behind the loads of this turn, which somebody waits for.
    setImmediate(() => this.#options.background.run("probe the store", probing));
  }

  #change(state: BreakerState): void {
    this.#state = state;
    this.#options.observer({ type: "breaker", state });
  }
}
