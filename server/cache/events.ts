import type { StoreErrorCode } from "./errors";

/**
 * How a read was answered: from a fresh entry; from one in the last part of its life; by loading; by somebody
 * else's load; by an expired copy because loading failed or was late.
 */
export type ReadOutcome = "fresh" | "aging" | "loaded" | "joined" | "fallback";

export type WriteOperation = "fill" | "fence" | "release" | "invalidate";

export type StoreOperation = WriteOperation | "read" | "renew" | "abandon";

export type BreakerState = "closed" | "open" | "half-open";

/** Everything that happens in the engine and that metrics, logs and tests can see. Keys name a person: log them with care. */
export type CacheEvent =
  /** One per `getOrSet` that was answered. `readMs` is what the store took. */
  | { type: "read"; key: string; outcome: ReadOutcome; ageMs: number; readMs: number; loadMs: number | undefined }
  /** A load failed. `background` when nobody was waiting for it. */
  | { type: "load-failed"; key: string; background: boolean; error: unknown }
  /** A write to the store went through, however long it took. */
  | { type: "stored"; operation: WriteOperation; keys: number; ms: number }
  /** A store operation failed; the request it belonged to went on without it. */
  | { type: "store-failed"; operation: StoreOperation; code: StoreErrorCode; ms: number }
  /** A load finished after its lease was cancelled or had ended: its value was not stored. */
  | { type: "fill-refused"; key: string }
  /** What the store held was not an entry; it was treated as a miss. */
  | { type: "corrupt"; key: string }
  /** A value that cannot be serialised was returned but not stored. */
  | { type: "not-serialisable"; key: string; error: unknown }
  /** With `checkValues`: a hit will not be what was loaded. `path` is where it differs first, as in `value.rows[0].owner`. */
  | { type: "value-changed"; key: string; path: string }
  /** A read that the store answered was compared with its loader. `ageMs`: how old the entry was when it was served. */
  | { type: "checked"; key: string; consistent: boolean; ageMs: number }
  | { type: "breaker"; state: BreakerState }
  /** Invalidations that did not reach the store, are retried, and are misses here meanwhile. */
  | { type: "invalidation-queued"; keys: number; waiting: number }
  | { type: "invalidation-recovered"; keys: number; waiting: number }
  /** More waited than the queue holds: these keys are now bounded by their TTL only. */
  | { type: "invalidation-dropped"; keys: number }
  | { type: "background-failed"; name: string; error: unknown };

export type CacheObserver = (event: CacheEvent) => void;
