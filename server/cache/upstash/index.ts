import { ScriptRunner } from "../protocol/script-runner";
import type { ScriptStoreOptions } from "../protocol/script-store";
import { ScriptStore } from "../protocol/script-store";
import type { StoreFactory } from "../protocol/store";
import type { UpstashConnectionOptions } from "./upstash-connection";
import { UpstashConnection } from "./upstash-connection";

export type { UpstashConnectionOptions };

export interface UpstashOptions extends ScriptStoreOptions, Omit<UpstashConnectionOptions, "timeoutMs"> {
  /** A read or a fence is aborted after this, in milliseconds. Default 50. */
  readTimeoutMs?: number | undefined;
  /** A fill or an invalidation is aborted after this, in milliseconds. Default 500. */
  writeTimeoutMs?: number | undefined;
}

/** The store over Upstash's REST API. */
export function upstash(options: UpstashOptions): StoreFactory {
  const { url, token, onRequest, readTimeoutMs = 50, writeTimeoutMs = 500, ...rest } = options;
  return (parts) => {
    const reads = new UpstashConnection({ url, token, onRequest, timeoutMs: readTimeoutMs });
    const writes = new UpstashConnection({ url, token, onRequest, timeoutMs: writeTimeoutMs });
    const transport = {
      reads,
      writes,
      ready: () => writes.ready(),
      close: async () => void (await Promise.all([reads.close(), writes.close()])),
    };
    return new ScriptStore(transport, parts, rest);
  };
}

/** Runs any scripts on an Upstash database, for uses other than a cache. */
export function upstashScripts(options: UpstashConnectionOptions): ScriptRunner {
  return new ScriptRunner(new UpstashConnection(options));
}
