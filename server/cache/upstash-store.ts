import type { BackgroundRunner } from "./background";
import type { CacheObserver } from "./events";
import type { CacheStore } from "./store";
import type { UpstashClient } from "./upstash-client";

export interface UpstashStoreOptions {
  client: UpstashClient;
  background: BackgroundRunner;
  observer?: CacheObserver;
  /** In front of every key. Default `cc:`. */
  prefix?: string;
}

export declare class UpstashStore implements CacheStore {
  constructor(options: UpstashStoreOptions);
  readOrLease: CacheStore["readOrLease"];
  fill: CacheStore["fill"];
  abandon: CacheStore["abandon"];
  invalidate: CacheStore["invalidate"];
  fence: CacheStore["fence"];
  release: CacheStore["release"];
  breakerState: CacheStore["breakerState"];
}
