import type { BackgroundRunner } from "../background";
import type { MonotonicClock } from "../clock";
import { StoreError } from "../errors";
import type { BreakerState, CacheObserver } from "../events";

/** Created once, because every read throws it while the breaker is open. It carries nothing but its code. */
const OPEN = new StoreError("open");

export interface BreakerOptions {
  /** The breaker opens after this many failures in a row. */
  failures: number;
  /** How long the breaker stays open before a probe, in milliseconds. */
  halfOpenAfterMs: number;
  /** The cheapest request there is. Rejects while the store is not usable. */
  probe: () => Promise<void>;
  /** Must not throw. */
  background: BackgroundRunner;
  observer: CacheObserver;
  clock: MonotonicClock;
}

/**
 * While the breaker is open, it refuses every request at once. A probe in the background closes it again, so no request
 * ever waits to find out whether the store is back. It uses the engine's monotonic clock, because the machine's time
 * can be set.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #state: BreakerState = "closed";
  #failures = 0;
  /** When a probe may be sent, while the breaker is open. */
  #probeAt = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** @throws {StoreError} `open` while the breaker is open. */
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
        // The state that follows reports it.
        return this.#open();
      }
      this.#failures = 0;
      this.#change("closed");
    };
    // After the loads of this turn, for which somebody is waiting.
    setImmediate(() => this.#options.background.run("probe the store", probing));
  }

  #change(state: BreakerState): void {
    this.#state = state;
    this.#options.observer({ type: "breaker", state });
  }
}
