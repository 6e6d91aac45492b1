import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from "cockatiel";
import type { BackgroundRunner } from "../background";
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
  background: BackgroundRunner;
  observer: CacheObserver;
}

/**
 * While open, every request is refused at once, and the probe that may close it again runs in the background: no
 * request ever waits to find out whether the store is back.
 */
export class Breaker {
  readonly #policy;
  readonly #options: BreakerOptions;
  #probing = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#policy = circuitBreaker(handleAll, {
      halfOpenAfter: options.halfOpenAfterMs,
      breaker: new ConsecutiveBreaker(options.failures),
    });
    this.#policy.onStateChange(() => options.observer({ type: "breaker", state: this.state }));
  }

  get state(): BreakerState {
    switch (this.#policy.state) {
      case CircuitState.Closed:
        return "closed";
      case CircuitState.HalfOpen:
        return "half-open";
      default:
        return "open";
    }
  }

  /** @throws {StoreError} `open` while the breaker is. */
  assertClosed(): void {
    if (this.#policy.state === CircuitState.Closed) return;
    this.#probe();
    throw OPEN;
  }

  run<T>(request: () => Promise<T>): Promise<T> {
    return this.#policy.execute(request);
  }

  #probe(): void {
    if (this.#probing) return;
    this.#probing = true;
    // Behind the loads of this turn, which somebody waits for.
    setImmediate(() => {
      // Rejected without a request until the breaker is due; a failed probe is reported by the state that follows it.
      const probed = this.#policy.execute(this.#options.probe).then(
        () => {},
        () => {},
      );
      const done = probed.finally(() => {
        this.#probing = false;
      });
      if (this.#policy.state === CircuitState.HalfOpen) this.#options.background.run("probe the store", () => done);
    });
  }
}
