import type { BackgroundRunner } from "../background";
import type { Cache, CacheOptions } from "../cache";
import { createCache } from "../cache";
import type { CacheEvent, ReadOutcome } from "../events";
import { memory } from "../memory";
import { ManualClock } from "./manual-clock";

export { ManualClock, settle } from "./manual-clock";

export interface TestCache {
  cache: Cache;
  /** Stands still until it is advanced. */
  clock: ManualClock;
  /** Everything that happened, in order. */
  events: readonly CacheEvent[];
  /** How the reads of a key were answered, in order: `["loaded", "fresh"]`. */
  outcomes(key: string): ReadOutcome[];
  /** Resolves when no fill, refresh or retry is running. */
  settled(): Promise<void>;
}

/** A cache in memory for the tests of an application. Time passes only when the test advances the clock. */
export function createTestCache(
  options: Pick<CacheOptions, "store" | "fenceMs" | "waitMs"> = { store: memory() },
): TestCache {
  const clock = new ManualClock();
  const events: CacheEvent[] = [];
  const running = new Set<Promise<void>>();
  const background: BackgroundRunner = {
    run(_name, task) {
      const work = task().finally(() => running.delete(work));
      running.add(work);
    },
  };
  const cache = createCache({ ...options, clock, background, observer: (event) => void events.push(event) });
  return {
    cache,
    clock,
    events,
    outcomes: (key) => events.flatMap((event) => (event.type === "read" && event.key === key ? [event.outcome] : [])),
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
