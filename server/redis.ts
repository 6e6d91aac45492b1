import type { Meter } from "@opentelemetry/api";
import type { ScriptRunner, StoreFactory } from "./cache";
import { redis, redisScripts } from "./cache/redis";
import { upstash, upstashScripts } from "./cache/upstash";
import type { MetricDefinitions } from "./telemetry/instruments";
import { instrumentsOf } from "./telemetry/instruments";

export const REDIS_METRICS = {
  "clarify.redis_requests": {
    kind: "counter",
    description: "HTTP requests to Redis",
    unit: "{request}",
    labels: ["purpose"],
  },
  "clarify.redis_commands": {
    kind: "counter",
    description: "Redis commands, which is what Upstash charges for",
    unit: "{command}",
    labels: ["purpose"],
  },
} as const satisfies MetricDefinitions;

export type RedisPurpose = "cache" | "limiter" | "insights" | "replies" | "sessions";
export type RedisMetrics = ReturnType<typeof createRedisMetrics>;

export function createRedisMetrics(meter: Meter) {
  const { counter } = instrumentsOf(meter, REDIS_METRICS);
  return {
    redisRequests: counter<{ purpose: RedisPurpose }>("clarify.redis_requests"),
    redisCommands: counter<{ purpose: RedisPurpose }>("clarify.redis_commands"),
  };
}

/** Counts one request to Redis and its commands. */
export function countRedisRequest(
  { redisRequests, redisCommands }: RedisMetrics,
  purpose: RedisPurpose,
  commands: number,
): void {
  redisRequests.add(1, { purpose });
  redisCommands.add(commands, { purpose });
}

/** The variables that name a Redis. At most one of the two ways is set. */
interface RedisSettings {
  REDIS_URL?: string | undefined;
  UPSTASH_REDIS_REST_URL?: string | undefined;
  UPSTASH_REDIS_REST_TOKEN?: string | undefined;
}

/** The Redis that all processes share. */
export interface SharedRedis {
  /** For the cache. */
  store: StoreFactory;
  /** Whether it can report what other processes outdate. */
  canFollow: boolean;
  /** For other uses. Each has a connection of its own, so that none waits for another. */
  scripts(purpose: RedisPurpose, timeoutMs: number): ScriptRunner;
}

/** The Redis that the environment names, with its requests counted; undefined if each process keeps its own data. */
export function openRedis(env: RedisSettings, metrics: RedisMetrics): SharedRedis | undefined {
  const counting = (purpose: RedisPurpose) => (commands: number) => countRedisRequest(metrics, purpose, commands);
  if (env.REDIS_URL !== undefined) {
    const url = env.REDIS_URL;
    return {
      store: redis({ url, onRequest: counting("cache") }),
      canFollow: !/^rediss?\+cluster:/.test(url),
      scripts: (purpose, timeoutMs) => redisScripts({ url, timeoutMs, onRequest: counting(purpose) }),
    };
  }
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = env;
  if (url === undefined || token === undefined) return undefined;
  return {
    store: upstash({ url, token, onRequest: counting("cache") }),
    canFollow: false,
    scripts: (purpose, timeoutMs) => upstashScripts({ url, token, timeoutMs, onRequest: counting(purpose) }),
  };
}
