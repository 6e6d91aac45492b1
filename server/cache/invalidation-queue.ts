import type { MonotonicClock } from "./clock";
import type { CacheObserver } from "./events";
import type { CacheStore } from "./protocol/store";
import { RecentInvalidations } from "./recent-invalidations";

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/**
 * How long one background task retries, in milliseconds. After that a timer or the next operation starts another task.
 */
const TASK_BUDGET_MS = 8_000;
const KEYS_PER_RETRY = 500;
/** About 20 MB of keys. Beyond it the oldest keys are dropped and bounded by their TTL only. */
const CAPACITY = 100_000;

export interface InvalidationQueueOptions {
  clock: MonotonicClock;
  observer: CacheObserver;
  store: Pick<CacheStore, "invalidate">;
  /** Keeps a task alive beyond the request. */
  keep: (name: string, task: Promise<void>) => void;
}

/**
 * Invalidations that did not reach the store. They are retried until they do. Meanwhile their keys are misses in this
 * process.
 */
export class InvalidationQueue {
  /** Key → the number of the addition that added it last. */
  readonly #waiting = new Map<string, number>();
  readonly #options: InvalidationQueueOptions;
  readonly #recent: RecentInvalidations;
  #additions = 0;
  #attempt = 0;
  #retrying = false;
  #dueAt = Number.NEGATIVE_INFINITY;

  constructor(options: InvalidationQueueOptions) {
    this.#options = options;
    this.#recent = new RecentInvalidations(options.clock);
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Whether an invalidation of the key, or of one of its tags, is still waiting. */
  holds({ key, tags }: { key: string; tags: readonly string[] }): boolean {
    return this.#waiting.size > 0 && (this.#waiting.has(key) || tags.some((tag) => this.#waiting.has(tag)));
  }

  add(keys: readonly string[]): void {
    this.#additions += 1;
    for (const key of keys) {
      this.#waiting.delete(key);
      this.#waiting.set(key, this.#additions);
    }
    this.#options.observer({ type: "invalidation-queued", keys: keys.length, waiting: this.size });
    this.#dropOldest();
    this.retry();
  }

  /** Sends an invalidation of these names, and keeps them for a retry if it fails. Never rejects. */
  async through(names: readonly string[], invalidate: () => Promise<void>): Promise<void> {
    const mark = this.mark();
    this.sending(names);
    try {
      await invalidate();
      this.settled(names, mark);
    } catch {
      // The store has reported the failure.
      this.add(names);
    }
  }

  /** Remembers names that are being outdated in the store, in case it fails over and loses that. */
  sending(names: readonly string[]): void {
    this.#recent.add(names);
  }

  /** Outdates once more what was outdated lately. */
  repeatRecent(): void {
    const names = this.#recent.names();
    if (names.length > 0) this.add(names);
  }

  /** A mark for `settled`, taken before an invalidation is sent. */
  mark(): number {
    return this.#additions;
  }

  /**
   * Removes keys that an invalidation sent at `mark` has reached. Keys added after it stay, because their invalidation
   * may be newer.
   */
  settled(keys: readonly string[], mark: number): void {
    if (this.size === 0) return;
    let settled = 0;
    for (const key of keys) {
      const added = this.#waiting.get(key);
      if (added === undefined || added > mark) continue;
      this.#waiting.delete(key);
      settled += 1;
    }
    if (settled > 0) {
      this.#options.observer({ type: "invalidation-recovered", keys: settled, waiting: this.size });
    }
  }

  /** Starts a retry if one is due. Every operation calls it, because a frozen process runs no timers. */
  retry(): void {
    if (this.size === 0 || this.#retrying || this.#options.clock.elapsed() < this.#dueAt) return;
    this.#retrying = true;
    this.#options.keep("retry invalidations", this.#retryForAWhile());
  }

  async #retryForAWhile(): Promise<void> {
    const { clock } = this.#options;
    const until = clock.elapsed() + TASK_BUDGET_MS;
    try {
      while (this.size > 0) {
        const delay = retryDelay(this.#attempt);
        if (clock.elapsed() + delay > until) {
          this.#dueAt = clock.elapsed() + delay;
          clock.schedule(delay, () => {
            // The timer says that it is time, even if the clock has been set back meanwhile.
            this.#dueAt = Number.NEGATIVE_INFINITY;
            this.retry();
          });
          return;
        }
        await new Promise<void>((resolve) => clock.schedule(delay, resolve));
        await this.#retryOnce();
      }
    } finally {
      this.#retrying = false;
    }
  }

  async #retryOnce(): Promise<void> {
    const keys = this.#oldest(KEYS_PER_RETRY);
    const mark = this.mark();
    try {
      await this.#options.store.invalidate(keys);
      this.#attempt = 0;
      this.settled(keys, mark);
    } catch {
      // The store has reported the failure.
      this.#attempt += 1;
    }
  }

  #oldest(count: number): string[] {
    const keys: string[] = [];
    for (const key of this.#waiting.keys()) {
      if (keys.length === count) break;
      keys.push(key);
    }
    return keys;
  }

  #dropOldest(): void {
    const excess = this.size - CAPACITY;
    if (excess <= 0) return;
    for (const key of this.#oldest(excess)) this.#waiting.delete(key);
    this.#options.observer({ type: "invalidation-dropped", keys: excess });
  }
}

function retryDelay(attempt: number): number {
  const full = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
  return full * (0.5 + Math.random() / 2);
}
