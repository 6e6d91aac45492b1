import type { Instruments, RedisPurpose } from "@/server/telemetry/metrics";
import { countRedisRequest } from "@/server/telemetry/watched";
import type { ScriptRunner, StoreFactory } from "./cache";
import { redis, redisScripts } from "./cache/redis";
import { upstash, upstashScripts } from "./cache/upstash";
import type { Env } from "./env";

/** The Redis that all processes share. */
export interface SharedRedis {
  /** For the cache. */
  store: StoreFactory;
  /** For everything else; each use has a connection of its own, so that none waits behind another. */
  scripts(purpose: RedisPurpose, timeoutMs: number): ScriptRunner;
}

/** The Redis that the environment names, its requests counted; undefined where each process keeps its own. */
export function openRedis(env: Env, instruments: Instruments): SharedRedis | undefined {
  const counting = (purpose: RedisPurpose) => (commands: number) => countRedisRequest(instruments, purpose, commands);
  if (env.REDIS_URL !== undefined) {
    const url = env.REDIS_URL;
    return {
      store: redis({ url, onRequest: counting("cache") }),
      scripts: (purpose, timeoutMs) => redisScripts({ url, timeoutMs, onRequest: counting(purpose) }),
    };
  }
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = env;
  if (url === undefined || token === undefined) return undefined;
  return {
    store: upstash({ url, token, onRequest: counting("cache") }),
    scripts: (purpose, timeoutMs) => upstashScripts({ url, token, timeoutMs, onRequest: counting(purpose) }),
  };
}
