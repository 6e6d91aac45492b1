import type { BackgroundRunner } from "../background";
import type { MonotonicClock } from "../clock";
import type { BreakerState, CacheObserver } from "../events";
import type { ResolvedPolicy } from "./policy";

/**
 * One entry of a key. Each version of a value is kept separately, so that two releases do not evict each other's
 * entries.
 */
export interface EntryName {
  key: string;
  version: number;
}

/** One entry to read, and the lease to take if a load is needed. */
export interface ReadRequest extends EntryName {
  /** The names that outdate the entry in addition to its own key, always in the same order. */
  tags: readonly string[];
  ttlMs: number;
  agingMs: number;
  /** How long the store keeps the loaded value, in milliseconds. */
  keepMs: number;
  /** Whether to return an expired copy as well, for use when loading fails. */
  wantExpired: boolean;
  /**
   * The lease to take when the entry is absent, expired or aging and nobody else is loading. Undefined for a plain
   * read.
   */
  lease: { token: string; ms: number } | undefined;
}

/** An entry to read, and how its kind is kept. */
export interface Kept {
  key: string;
  tags: readonly string[];
  rules: ResolvedPolicy;
}

/** A read that takes no lease and wants no expired copy. */
export function plainRead({ key, tags, rules: { version, ttlMs, agingMs, keepMs } }: Kept): ReadRequest {
  return { key, version, tags, ttlMs, agingMs, keepMs, wantExpired: false, lease: undefined };
}

/** A serialised value as it lies in the store. */
export interface StoredValue {
  payload: string;
  /** Counted from the grant of the lease of its load, by the store's own clock. */
  ageMs: number;
}

/**
 * Who loads. `granted`: the reader, with this token, possibly in place of a holder that was silent for too long.
 * `held`: the holder of this token. `blocked`: a write is running; load without storing. `none`: nothing to load, or no
 * lease was asked for.
 */
export type LeaseState =
  | { kind: "none" }
  | { kind: "blocked" }
  | { kind: "granted"; token: string }
  | { kind: "held"; token: string };

export interface ReadReply {
  /** Absent on a miss. May be expired when `wantExpired` was set. */
  entry: StoredValue | undefined;
  lease: LeaseState;
  /** The store held something that is not an entry. */
  corrupt: boolean;
  /** Whether the entry was kept in this process, and the store was not asked. */
  near?: true;
}

export interface FillRequest extends EntryName {
  tags: readonly string[];
  payload: string;
  /** How long the store keeps it, in milliseconds. */
  keepMs: number;
  /**
   * The lease under which this value was loaded. Nothing is stored without one, because a late request would undo a
   * write.
   */
  lease: { token: string; ms: number };
}

/**
 * The protocol; each operation is atomic. An entry and its lease count only while neither its key nor any of its tags
 * has been outdated since the lease was granted. Keys and tags are names of one kind: outdating a name outdates every
 * version of the entry with that key and all entries with that tag.
 *
 * Every method rejects with a `StoreError` when the outcome is not known. The operation may have been applied, or may
 * still be applied later.
 */
export interface CacheStore {
  /** @throws {TagSlotError} where the tags cannot be read together with the key. */
  readOrLease(request: ReadRequest): Promise<ReadReply>;
  /** Stores while the token still holds the lease, and ends the lease. False when refused. */
  fill(request: FillRequest): Promise<boolean>;
  /** Notes that the holder of a lease is still loading. */
  renew(entry: EntryName, token: string): Promise<void>;
  /** Ends a lease whose load failed. */
  abandon(entry: EntryName, token: string): Promise<void>;
  /**
   * Outdates entries and leases. `newsOf`: the token of the write that is reported; names that it has settled are left
   * alone.
   */
  invalidate(names: readonly string[], newsOf?: string): Promise<void>;
  /** Outdates entries and leases, and grants no lease for `ms` milliseconds or until this token is released. */
  fence(names: readonly string[], token: string, ms: number): Promise<void>;
  /**
   * Ends the block of this token only, and outdates entries and leases again, because the fence may have ended before a
   * slow write did. `settled`: the write has committed everything, which is remembered for a minute.
   */
  release(names: readonly string[], token: string, settled: boolean): Promise<void>;
  /** Reports every name that is outdated from now on, by any process. Absent if the store cannot. */
  readonly follow?: ((listener: OutdatedListener) => InvalidationFeed) | undefined;
  /**
   * Reports that the connection was lost and made anew. It may lead to a replica that has not seen what was outdated just
   * before. Absent if the store cannot tell.
   */
  readonly onReconnect?: ((listener: () => void) => void) | undefined;
  breakerState(): BreakerState;
  /** @throws with a sentence that says what is wrong, when the store cannot be used. */
  ready(): Promise<void>;
  /** Closes the store's connections. Every later operation fails. */
  close(): Promise<void>;
}

export interface OutdatedListener {
  /** Names that were outdated, in the form of `hashTagged`. */
  outdated(names: readonly string[]): void;
  /** Any name may have been outdated without a report. */
  lost(): void;
  /** The store does not report what is outdated. */
  refused(error: unknown): void;
}

/** What a process hears from its store about names that were outdated. */
export interface InvalidationFeed {
  /**
   * A time of the clock: everything that was outdated before it has been reported. `-Infinity` while the feed is not
   * connected.
   */
  readonly heardUntil: number;
  close(): void;
}

/** What a cache passes to the factory of its store. */
export interface StoreParts {
  observer: CacheObserver;
  background: BackgroundRunner;
  clock: MonotonicClock;
}

/** Makes the store of one cache: `memory()`, `upstash({ … })`, `redis({ … })`. */
export type StoreFactory = (parts: StoreParts) => CacheStore;
