import type { BackgroundRunner } from "../background";
import type { Clock } from "../clock";
import type { BreakerState, CacheObserver } from "../events";
import type { ResolvedPolicy } from "./policy";

/** An entry among those of its key: each version of a value is kept apart, so that two releases do not evict each other. */
export interface EntryName {
  key: string;
  version: number;
}

/** One entry to read, and the lease to take if there is something to load. */
export interface ReadRequest extends EntryName {
  /** What outdates the entry besides its own key, always in the same order. */
  tags: readonly string[];
  ttlMs: number;
  agingMs: number;
  /** How long the store keeps what is loaded. */
  keepMs: number;
  /** Whether an expired copy should come along, for when loading fails. */
  wantExpired: boolean;
  /** The lease taken when the entry is absent, expired or aging and nobody else is loading; absent for a plain read. */
  lease: { token: string; ms: number } | undefined;
}

/** What is read, and how its entries are kept. */
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
  /** Counted from when its load was given the lease, by the store's own clock. */
  ageMs: number;
}

/**
 * Who loads. `granted`: the asker, with this token, also in place of a holder who has been silent for too long. `held`: whoever has this token. `blocked`: a write is going on;
 * load without storing. `none`: nothing to load, or no lease was asked for.
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
}

export interface FillRequest extends EntryName {
  tags: readonly string[];
  payload: string;
  /** How long the store keeps it. */
  keepMs: number;
  /** The lease this value was loaded under. There is no storing without: a request that comes late would undo a write. */
  lease: { token: string; ms: number };
}

/**
 * The protocol, atomic per operation. An entry and its lease count only while nothing has outdated its key or any of its
 * tags since the lease was granted. Keys and tags are names of one kind: what outdates a name outdates every version of the
 * entry under it and all entries that are tagged with it.
 *
 * Every method rejects with a `StoreError` when the outcome is not known; it may have been applied all the same, now or later.
 */
export interface CacheStore {
  /** @throws {TagSlotError} where the tags cannot be read together with the key. */
  readOrLease(request: ReadRequest): Promise<ReadReply>;
  /** Stores while the token still holds the lease, and ends the lease. False when refused. */
  fill(request: FillRequest): Promise<boolean>;
  /** Says that the holder of a lease is still loading. */
  renew(entry: EntryName, token: string): Promise<void>;
  /** Ends a lease that will not be filled. */
  abandon(entry: EntryName, token: string): Promise<void>;
  /**
   * Outdates entries and leases. `newsOf`: the token of the write whose news this is; the names that it has settled are
   * left alone.
   */
  invalidate(names: readonly string[], newsOf?: string): Promise<void>;
  /** Outdates entries and leases, and lets nobody take a lease for `ms` or until this token is released. */
  fence(names: readonly string[], token: string, ms: number): Promise<void>;
  /**
   * Lifts this token's block only, and outdates entries and leases again: the fence may have ended under a slow write.
   * `settled`: everything that the write commits is committed, which is remembered for a minute.
   */
  release(names: readonly string[], token: string, settled: boolean): Promise<void>;
  breakerState(): BreakerState;
  /** @throws with a sentence that says what is wrong, when the store cannot be used. */
  ready(): Promise<void>;
  /** Frees what the store holds open. Every operation after it fails. */
  close(): Promise<void>;
}

/** What a cache gives the store that is made for it. */
export interface StoreParts {
  observer: CacheObserver;
  background: BackgroundRunner;
  clock: Clock;
}

/** Makes the store of one cache: `memory()`, `upstash({ … })`, `redis({ … })`. */
export type StoreFactory = (parts: StoreParts) => CacheStore;
