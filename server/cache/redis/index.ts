import { ScriptRunner } from "../protocol/script-runner";
import type { ScriptStoreOptions } from "../protocol/script-store";
import { ScriptStore } from "../protocol/script-store";
import type { OutdatedListener, StoreFactory } from "../protocol/store";
import type { RedisAddress } from "./redis-client";
import { RedisClient } from "./redis-client";
import type { RedisConnectionOptions } from "./redis-connection";
import { RedisConnection } from "./redis-connection";
import { RedisFeed } from "./redis-feed";

export interface RedisOptions extends ScriptStoreOptions, RedisAddress {
  /** A read or a fence fails after this, in milliseconds. Default 50. */
  readTimeoutMs?: number | undefined;
  /** A fill or an invalidation fails after this, in milliseconds. Default 500. */
  writeTimeoutMs?: number | undefined;
  /** Called before commands are sent, with how many are sent together. */
  onRequest?: ((commands: number) => void) | undefined;
}

/** The store over a Redis (from 6.2 on) or a Valkey, by TCP: one server, one behind sentinels, or a cluster. */
export function redis(options: RedisOptions): StoreFactory {
  const { url, connect, onRequest, readTimeoutMs = 50, writeTimeoutMs = 500, ...rest } = options;
  return (parts) => {
    const client = new RedisClient({ url, connect }, silenceMs(writeTimeoutMs));
    const transport = {
      reads: new RedisConnection({ client, onRequest, timeoutMs: readTimeoutMs }),
      writes: new RedisConnection({ client, onRequest, timeoutMs: writeTimeoutMs }),
      isCluster: client.isCluster,
      follow: client.isCluster
        ? undefined
        : (prefix: string, listener: OutdatedListener) =>
            new RedisFeed({
              client: new RedisClient({ url, connect }, silenceMs(writeTimeoutMs)),
              writer: client,
              prefix,
              clock: parts.clock,
              listener,
            }),
      onReconnect: (listener: () => void) => client.onReconnect(listener),
      ready: () => client.ready(),
      close: () => client.close(),
    };
    return new ScriptStore(transport, parts, rest);
  };
}

export interface RedisScriptsOptions extends RedisAddress, Pick<RedisConnectionOptions, "timeoutMs" | "onRequest"> {}

/** Runs any scripts on a Redis, over a connection of their own, for uses other than a cache. */
export function redisScripts({ url, connect, timeoutMs, onRequest }: RedisScriptsOptions): ScriptRunner {
  const client = new RedisClient({ url, connect }, silenceMs(timeoutMs));
  return new ScriptRunner(new RedisConnection({ client, timeoutMs, onRequest }));
}

/** Long enough that every command on a silent connection has failed before the connection is closed. */
function silenceMs(timeoutMs: number): number {
  return 2 * timeoutMs;
}
