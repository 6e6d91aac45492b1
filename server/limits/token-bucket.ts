import { LRUCache } from "lru-cache";
import type { Clock } from "@/server/clock";

/** How many buckets a process keeps; one that was not used for longest is full again by then, or close to it. */
const REMEMBERED = 10_000;

export interface TokenBucketOptions {
  /** How much may be taken at once after a rest. */
  capacity: number;
  /** One more may be taken after this, in milliseconds. */
  refillMs: number;
  clock: Pick<Clock, "now">;
}

/**
 * A token bucket for each key, in this process. Each is one number, the time at which it is full again: the "generic cell
 * rate algorithm" of ATM networks (ITU-T I.371).
 */
export class TokenBuckets {
  readonly #fullAt = new LRUCache<string, number>({ max: REMEMBERED });
  readonly #options: TokenBucketOptions;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
  }

  /** 0 when one was taken; otherwise how long to wait for the next, in milliseconds, and nothing was taken. */
  take(key: string): number {
    const { capacity, refillMs, clock } = this.#options;
    const now = clock.now();
    const fullAt = Math.max(now, this.#fullAt.get(key) ?? now);
    const waitMs = fullAt - now - (capacity - 1) * refillMs;
    if (waitMs > 0) return waitMs;
    this.#fullAt.set(key, fullAt + refillMs);
    return 0;
  }
}
