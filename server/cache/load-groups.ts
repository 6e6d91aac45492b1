import type { MonotonicClock } from "./clock";
import { atEndOfTick } from "./protocol/batch";

/**
 * The longest that a value waits for the others of its group: a share of the time that its own load took, and
 * milliseconds.
 */
const WAIT_SHARE = 0.5;
const MAX_WAIT_MS = 25;

/** One load of a group. */
export interface GroupedLoad {
  /** Called when the load has ended, successfully or not. */
  end(): void;
  /**
   * Resolves when all loads of the group have ended, or when waiting longer would delay readers that wait for this one.
   */
  others(loadMs: number): Promise<void>;
}

/**
 * Groups the loads that began in one tick, so that their values are stored together, in one request. A quick load waits
 * for the others for at most half of its own time, so that a reader in another process waits no longer than a load of
 * its own would take.
 */
export class LoadGroups {
  #current: { loading: number; allEnded: PromiseWithResolvers<void> } | undefined;

  constructor(private readonly clock: MonotonicClock) {}

  begin(): GroupedLoad {
    if (!this.#current) {
      this.#current = { loading: 0, allEnded: Promise.withResolvers() };
      atEndOfTick(() => {
        this.#current = undefined;
      });
    }
    const group = this.#current;
    group.loading += 1;
    return {
      end: () => {
        group.loading -= 1;
        if (group.loading === 0) group.allEnded.resolve();
      },
      others: (loadMs) => {
        if (group.loading === 0) return Promise.resolve();
        return new Promise((resolve) => {
          const cancel = this.clock.schedule(Math.min(MAX_WAIT_MS, loadMs * WAIT_SHARE), resolve);
          group.allEnded.promise.then(() => {
            cancel();
            resolve();
          });
        });
      },
    };
  }
}
