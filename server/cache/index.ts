export type { BackgroundRunner } from "./background";
export type { Cache, CacheHealth, CacheOptions, CacheRead, WriteOptions } from "./cache";
export { createCache } from "./cache";
export type { Clock } from "./clock";
export { systemClock } from "./clock";
export type { StoreErrorCode } from "./errors";
export { LoadTimeoutError, StoreError, WriteTimeoutError } from "./errors";
export type { BreakerState, CacheEvent, CacheObserver, ReadOutcome, StoreOperation, WriteOperation } from "./events";
export { StoreNotReadyError } from "./protocol/not-ready";
export type { CachePolicy, ResolvedPolicy } from "./protocol/policy";
export { resolvePolicy } from "./protocol/policy";
export type { ScriptCall, ScriptRunner } from "./protocol/script-runner";
export type { Script } from "./protocol/scripts";
export { defineScript } from "./protocol/scripts";
export type {
  CacheStore,
  FillRequest,
  LeaseState,
  ReadReply,
  ReadRequest,
  StoreFactory,
  StoreParts,
} from "./protocol/store";
