export type { BackgroundRunner } from "./background";
export type { Cache, CacheHealth, CacheOptions, ReadOptions } from "./cache";
export { createCache } from "./cache";
export type { MonotonicClock } from "./clock";
export { monotonicClock } from "./clock";
export type { Entry, EntryDefinition, InputSchema, LocatedEntry, NamedEntry, Outdated } from "./entry";
export { entry, entryKey, parsedInput } from "./entry";
export type { StoreErrorCode } from "./errors";
export { LoadTimeoutError, StoreError, TagSlotError, WriteTimeoutError } from "./errors";
export type { BreakerState, CacheEvent, CacheObserver, ReadOutcome, StoreOperation, WriteOperation } from "./events";
export { HIT_OUTCOMES } from "./events";
export type { NearOptions } from "./near/near-store";
export { NEAR_LAG_MS } from "./near/near-store";
export { atEndOfTick } from "./protocol/batch";
export { StoreNotReadyError } from "./protocol/not-ready";
export type { CachePolicy, Duration, PolicyDefinition, ResolvedPolicy } from "./protocol/policy";
export { definePolicy, resolvePolicy } from "./protocol/policy";
export type { ScriptCall, ScriptRunner } from "./protocol/script-runner";
export type { Script } from "./protocol/scripts";
export { defineScript } from "./protocol/scripts";
export type {
  CacheStore,
  EntryName,
  FillRequest,
  InvalidationFeed,
  LeaseState,
  OutdatedListener,
  ReadReply,
  ReadRequest,
  StoreFactory,
  StoreParts,
} from "./protocol/store";
export type { CacheRead } from "./reader";
export { stableHash } from "./stable-hash";
export type { View } from "./view";
export { ViewMemory } from "./view";
export type { WriteOptions } from "./writer";
