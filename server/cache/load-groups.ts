import type { Clock } from "./clock";
import { atEndOfTick } from "./protocol/batch";

/** What a value waits for the others of its group at most, as a part of what its own load took, and in milliseconds. */
const WAIT_SHARE = 0.5;
const MAX_WAIT_MS = 25;

/** One load of a group. */
export interface GroupedLoad {
  /** To be called when the load has ended, however it did. */
  end(): void;
  /** Resolves when all of the group have ended, or when waiting any longer would hold up whoever waits for this one. */
  others(loadMs: number): Promise<void>;
}

/**
 * Groups the loads that began in one tick, so that what they bring is stored together, in one request. A quick one waits
 * for the others by half of its own time at most: who waits for it in another process waits no longer than for a load of
 * its own.
 */
export class LoadGroups {
  #current: { loading: number; allEnded: PromiseWithResolvers<void> } | undefined;

  constructor(private readonly clock: Clock) {}

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
