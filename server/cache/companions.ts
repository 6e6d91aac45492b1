import type { Clock } from "./clock";
import { atEndOfTick } from "./protocol/batch";

/** What a value waits for its companions at most, as a part of what its own load took, and in milliseconds. */
const WAIT_SHARE = 0.5;
const MAX_WAIT_MS = 25;

/** A load's place among those that began in the same tick. */
export interface Place {
  /** The load has ended, however it did. */
  left(): void;
  /** Resolves when all of them have ended, or when waiting any longer would hold up whoever waits for this one. */
  wait(loadMs: number): Promise<void>;
}

/**
 * Loads that began in one tick, so that what they bring is stored together, in one request. A quick one waits for the
 * others by half of its own time at most: who waits for it in another process waits no longer than for a load of its own.
 */
export class Companions {
  #current: { loading: number; allLeft: PromiseWithResolvers<void> } | undefined;

  constructor(private readonly clock: Clock) {}

  join(): Place {
    if (!this.#current) {
      this.#current = { loading: 0, allLeft: Promise.withResolvers() };
      atEndOfTick(() => {
        this.#current = undefined;
      });
    }
    const group = this.#current;
    group.loading += 1;
    return {
      left: () => {
        group.loading -= 1;
        if (group.loading === 0) group.allLeft.resolve();
      },
      wait: (loadMs) => {
        if (group.loading === 0) return Promise.resolve();
        return new Promise((resolve) => {
          const cancel = this.clock.schedule(Math.min(MAX_WAIT_MS, loadMs * WAIT_SHARE), resolve);
          group.allLeft.promise.then(() => {
            cancel();
            resolve();
          });
        });
      },
    };
  }
}
