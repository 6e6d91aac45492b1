import type { BackgroundRunner } from "./background";
import type { Clock } from "./clock";
import type { BreakerState, CacheObserver, ReadOutcome } from "./events";
import type { CachePolicy } from "./policy";
import type { CacheStore } from "./store";

export interface CacheRead<T> {
  value: T;
  outcome: ReadOutcome;
  /** How old the value is, in milliseconds; 0 when it was just loaded. */
  ageMs: number;
  /** What the store took, in milliseconds. */
  readMs: number;
  /** How long this read waited for a load, its own or another's, in milliseconds. */
  loadMs: number | undefined;
}

export interface CacheHealth {
  breaker: BreakerState;
  /** Keys whose invalidation has not reached the store yet. */
  waitingInvalidations: number;
}

export interface CacheOptions {
  store: CacheStore;
  background: BackgroundRunner;
  observer?: CacheObserver;
  clock?: Clock;
  /** How long a write may block filling, in milliseconds. The write's own deadline is 80 % of it. Default 5 seconds. */
  fenceMs?: number;
  /** How long a read waits for somebody else's load before it loads by itself, in milliseconds. Default 2 seconds. */
  waitMs?: number;
}

export interface Cache {
  /** The entry and its age in milliseconds, if there is one that is not expired. Takes no lease. */
  get<T>(key: string, policy: CachePolicy): Promise<{ value: T; ageMs: number } | undefined>;
  /** Stores a value that the caller knows to be current, and cancels loads of it. Not stored while a write is going on. */
  set<T>(key: string, value: T, policy: CachePolicy): Promise<void>;
  /** `invalidate` of one key. */
  del(key: string): Promise<void>;
  /**
   * The cached value, or the loaded one. Rejects only with the loader's own error or a `LoadTimeoutError`, and only
   * where no expired copy is held. `load`'s signal aborts at the policy's hard timeout.
   */
  getOrSet<T>(key: string, load: (signal: AbortSignal) => Promise<T>, policy: CachePolicy): Promise<CacheRead<T>>;
  /**
   * Runs a write so that no read which starts after it returned sees what was there before. `fn`'s signal aborts
   * before the block on filling runs out. Rejects only with what `fn` rejects with.
   */
  write<T>(keys: readonly string[], fn: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** After it returned no later read sees an older value. Never rejects: what cannot reach the store is retried. */
  invalidate(keys: readonly string[]): Promise<void>;
  health(): CacheHealth;
}

/** The engine over one store. */
export function createCache(options: CacheOptions): Cache {
  throw new Error(`not built yet: ${options.waitMs}`);
}
