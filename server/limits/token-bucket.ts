import { LRUCache } from "lru-cache";
import type { Clock } from "@/server/clock";

/** How many buckets a process keeps. The least recently used one is full again when it is dropped, or close to it. */
const REMEMBERED = 10_000;

export interface TokenBucketOptions {
  /** How many may be taken at once after a pause. */
  capacity: number;
  /** In how many milliseconds a bucket gains one. */
  refillMs: number;
  clock: Pick<Clock, "now">;
}

/**
 * A token bucket for each key, in this process. A bucket is one number, the time at which it is full again: the
 * "generic cell rate algorithm" of ATM networks (ITU-T I.371).
 */
export class TokenBuckets {
  readonly #fullAt = new LRUCache<string, number>({ max: REMEMBERED });
  readonly #options: TokenBucketOptions;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
  }

  /** Takes one and returns 0; if none is left, returns how long to wait for the next, in milliseconds. */
  take(key: string): number {
    const waitMs = this.waitFor(key);
    if (waitMs === 0) this.#fullAt.set(key, this.#fullUntil(key) + this.#options.refillMs);
    return waitMs;
  }

  /** Returns one that was taken and not used. */
  giveBack(key: string): void {
    this.#fullAt.set(key, this.#fullUntil(key) - this.#options.refillMs);
  }

  /** How long until one can be taken, in milliseconds. Takes none. */
  waitFor(key: string): number {
    const { capacity, refillMs, clock } = this.#options;
    return Math.max(0, this.#fullUntil(key) - clock.now() - (capacity - 1) * refillMs);
  }

  #fullUntil(key: string): number {
    const now = this.#options.clock.now();
    return Math.max(now, this.#fullAt.get(key) ?? now);
  }
}
