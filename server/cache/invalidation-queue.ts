import type { Clock } from "./clock";
import type { CacheObserver } from "./events";
import type { CacheStore } from "./protocol/store";

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** One background task retries for this long; then a timer or the next operation starts another. */
const TASK_BUDGET_MS = 8_000;
const KEYS_PER_RETRY = 500;
/** About 20 MB of keys. Beyond it the oldest are left to their TTL. */
const CAPACITY = 100_000;

export interface InvalidationQueueOptions {
  clock: Clock;
  observer: CacheObserver;
  store: Pick<CacheStore, "invalidate">;
  /** Keeps a task alive beyond the request. */
  keep: (name: string, task: Promise<void>) => void;
}

/** Invalidations that did not reach the store. They are retried until they do; meanwhile their keys are misses here. */
export class InvalidationQueue {
  /** Key → when it was (last) added, in additions. */
  readonly #waiting = new Map<string, number>();
  readonly #options: InvalidationQueueOptions;
  #additions = 0;
  #attempt = 0;
  #retrying = false;
  #dueAt = Number.NEGATIVE_INFINITY;

  constructor(options: InvalidationQueueOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Whether the outdating of the key, or of one of its tags, still waits. */
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

  /** Sends an invalidation of these names, and keeps them for a retry where it fails. Never rejects. */
  async through(names: readonly string[], invalidate: () => Promise<void>): Promise<void> {
    const mark = this.mark();
    try {
      await invalidate();
      this.settled(names, mark);
    } catch {
      // The store reports its failures.
      this.add(names);
    }
  }

  /** To be taken before an invalidation is sent, for `settled`. */
  mark(): number {
    return this.#additions;
  }

  /** These keys were invalidated by something sent at `mark`. What was added since then still waits: it may be newer. */
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

  /** Starts retrying if it is due. Called by every operation, because a frozen process runs no timers. */
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
            // It is time by the timer, even where the clock has been set back meanwhile.
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
      // The store reports its failures.
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
