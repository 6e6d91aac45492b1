import type { StoreErrorCode } from "./errors";

/**
 * How a read was answered: from a fresh entry that this process keeps of a shared store; from a fresh entry of the store;
 * from an entry in the last part of its life; by loading; by another reader's load; from an expired copy because loading
 * failed or was late.
 */
export type ReadOutcome = "near" | "fresh" | "aging" | "loaded" | "joined" | "fallback";

/** The outcomes of reads that waited for no load and got a value that is still valid. */
export const HIT_OUTCOMES = ["near", "fresh", "aging"] as const satisfies ReadOutcome[];

export type WriteOperation = "fill" | "fence" | "release" | "invalidate";

export type StoreOperation = WriteOperation | "read" | "renew" | "abandon";

export type BreakerState = "closed" | "open" | "half-open";

/** Everything in the engine that metrics, logs and tests can observe. Keys name a person: log them with care. */
export type CacheEvent =
  /** One for each `getOrSet` that was answered. `readMs` is how long the store took. */
  | { type: "read"; key: string; outcome: ReadOutcome; ageMs: number; readMs: number; loadMs: number | undefined }
  /** A load failed. `background` when nobody was waiting for it. */
  | { type: "load-failed"; key: string; background: boolean; error: unknown }
  /** A write to the store succeeded, however long it took. */
  | { type: "stored"; operation: WriteOperation; keys: number; ms: number }
  /** A store operation failed; the request it belonged to went on without it. */
  | { type: "store-failed"; operation: StoreOperation; code: StoreErrorCode; ms: number }
  /** A load finished after its lease had been cancelled or had ended, so its value was not stored. */
  | { type: "fill-refused"; key: string }
  /** What the store held was not an entry; it was treated as a miss. */
  | { type: "corrupt"; key: string }
  /** A value that cannot be serialised was returned but not stored. */
  | { type: "not-serialisable"; key: string; error: unknown }
  /**
   * With `checkValues`: the stored value differs from the loaded one. `path` is the first difference, as in
   * `value.rows[0].owner`.
   */
  | { type: "value-changed"; key: string; path: string }
  /** A served entry was compared with its loader. `ageMs` is the age at which the entry was served. */
  | { type: "checked"; key: string; consistent: boolean; ageMs: number }
  | { type: "breaker"; state: BreakerState }
  /** The store does not report what is outdated, so nothing is kept near. */
  | { type: "feed-refused"; error: unknown }
  /**
   * Invalidations that did not reach the store. They are retried, and their keys are misses in this process meanwhile.
   */
  | { type: "invalidation-queued"; keys: number; waiting: number }
  | { type: "invalidation-recovered"; keys: number; waiting: number }
  /** More invalidations waited than the queue holds. These keys are now bounded by their TTL only. */
  | { type: "invalidation-dropped"; keys: number }
  | { type: "background-failed"; name: string; error: unknown };

export type CacheObserver = (event: CacheEvent) => void;
