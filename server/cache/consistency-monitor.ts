import type { BackgroundRunner } from "./background";
import type { MonotonicClock } from "./clock";
import { encode } from "./codec";
import type { CacheObserver } from "./events";
import type { Loader } from "./loader";
import { runLoader } from "./loader";
import type { CacheStore, Kept, StoredValue } from "./protocol/store";
import { plainRead } from "./protocol/store";

/**
 * Longer than a notification of a write from outside takes, in milliseconds: until then the entry is not wrong, only
 * late.
 */
const PATIENCE_MS = 10_000;

export interface ConsistencyMonitorOptions {
  /** One in this many reads is checked; 0: none. */
  checkOneIn: number;
  store: Pick<CacheStore, "readOrLease" | "breakerState">;
  clock: MonotonicClock;
  background: BackgroundRunner;
  observer: CacheObserver;
}

interface Served<T> extends Kept {
  entry: StoredValue;
  load: Loader<T>;
}

/**
 * Compares a sample of served entries with what their loaders return, in the background, to prove that invalidation
 * works in production (as Meta's Polaris does for its cache, "Cache made consistent", 2022).
 *
 * A write may come between the read and the load. It removes the entry, so an entry is suspect only when it is still
 * there after the load and differs from it. It is inconsistent when it is still there and still differs after 10
 * seconds.
 */
export class ConsistencyMonitor {
  readonly #options: ConsistencyMonitorOptions;

  constructor(options: ConsistencyMonitorOptions) {
    this.#options = options;
  }

  /** Called for each read that was served from the store. Returns at once. */
  served<T>(read: Served<T>): void {
    const { checkOneIn, background } = this.#options;
    if (checkOneIn === 0 || Math.random() * checkOneIn >= 1) return;
    background.run("check what was served", () => this.#check(read));
  }

  async #check<T>(read: Served<T>): Promise<void> {
    const { clock, observer, store } = this.#options;
    if (store.breakerState() !== "closed") return;
    try {
      let suspected = await this.#differs(read);
      if (suspected) {
        await new Promise<void>((resolve) => clock.schedule(PATIENCE_MS, resolve));
        suspected = await this.#differs(read);
      }
      observer({ type: "checked", key: read.key, consistent: !suspected, ageMs: read.entry.ageMs });
    } catch {
      // The database or the store is not available, which others report. The check has no result.
    }
  }

  /** Whether the entry that was served is still served, and differs from what its loader returns. */
  async #differs<T>({ entry, load, ...kept }: Served<T>): Promise<boolean> {
    const { clock, store } = this.#options;
    const payload = encode(await runLoader(load, kept.rules.hardTimeoutMs, clock));
    if (payload === entry.payload) return false;
    const reply = await store.readOrLease(plainRead(kept));
    return reply.entry?.payload === entry.payload;
  }
}
