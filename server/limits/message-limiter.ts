import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { ScriptRunner } from "@/server/cache";
import { defineScript, StoreError } from "@/server/cache";
import type { Clock } from "@/server/clock";
import type { Logger } from "@/server/telemetry/logger";
import { TokenBuckets } from "./token-bucket";

/** `failure`: the shared count did not answer, so this process's own count decided. */
export type Admission =
  | { admitted: true; failure?: "failed_timeout" | "failed_error" }
  | { admitted: false; retryAfterMs: number };

/** `message`: a reply or its continuation. `prewarm`: a prompt that is sent ahead of its message. */
export type ModelUse = "message" | "prewarm";

/**
 * Limits how often a person may have the model called: a burst after a pause, then a steady rate per minute. Each kind
 * of use has its own count.
 */
export interface MessageLimiter {
  take(userId: string, use: ModelUse): Promise<Admission>;
}

const MINUTE_MS = 60_000;
/** How many people's last answer from Redis a process remembers. */
const REMEMBERED = 10_000;

export interface MemoryLimiterOptions {
  perMinute: number;
  clock: Pick<Clock, "now">;
}

/** Counts in this process. */
export function createMemoryLimiter({ perMinute, clock }: MemoryLimiterOptions): MessageLimiter {
  const buckets = new TokenBuckets({ capacity: perMinute, refillMs: MINUTE_MS / perMinute, clock });
  return {
    async take(userId, use) {
      const retryAfterMs = buckets.take(`${use}:${userId}`);
      return retryAfterMs === 0 ? { admitted: true } : { admitted: false, retryAfterMs };
    },
  };
}

/**
 * Takes one from a bucket, by the clock of Redis. KEYS: when the bucket will be full again, in milliseconds since the
 * epoch. ARGV: its capacity, and the milliseconds in which it gains one. Returns { taken (1 or 0), how many are left,
 * milliseconds until there is one }.
 */
const TAKE = defineScript(`
local key, capacity, refill = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local missing = math.max((tonumber(redis.call('GET', key) or now) or now) - now, 0) + refill
local excess = missing - capacity * refill
if excess > 0 then return { 0, 0, excess } end
redis.call('SET', key, string.format('%d', now + missing), 'PX', missing)
return { 1, math.floor(-excess / refill), 0 }`);

const tookSchema = z.tuple([z.union([z.literal(0), z.literal(1)]), z.number(), z.number()]);

export interface RedisLimiterOptions extends MemoryLimiterOptions {
  /** Its deadline is the longest that a message waits for the shared count. */
  scripts: Pick<ScriptRunner, "run">;
  logger: Logger;
  /** The prefix of every key. Default `limit:`. */
  prefix?: string;
}

/**
 * Counts in this process and, for all processes together, in Redis; both have to admit. While Redis does not answer,
 * only the count of this process applies, so slowing Redis down does not open the limiter. A person who had at least
 * half of their burst left, by the last answer from Redis, does not wait for the next answer. So every further process
 * that a person uses within a minute may admit one message too many.
 */
export function createRedisLimiter(options: RedisLimiterOptions): MessageLimiter {
  const { scripts, perMinute, logger, prefix = "limit:" } = options;
  const refillMs = Math.max(1, Math.round(MINUTE_MS / perMinute));
  const own = createMemoryLimiter(options);
  const remainingOf = new LRUCache<string, number>({ max: REMEMBERED, ttl: MINUTE_MS });

  async function askShared(key: string): Promise<Admission> {
    try {
      const reply = await scripts.run({ script: TAKE, keys: [prefix + key], args: [perMinute, refillMs] });
      const [taken, remaining, retryAfterMs] = tookSchema.parse(reply);
      remainingOf.set(key, remaining);
      return taken === 1 ? { admitted: true } : { admitted: false, retryAfterMs };
    } catch (error) {
      remainingOf.delete(key);
      const failure = error instanceof StoreError && error.code === "timeout" ? "failed_timeout" : "failed_error";
      logger.warn({ failure }, "shared message limit failed, counting in this process");
      return { admitted: true, failure };
    }
  }

  return {
    async take(userId, use) {
      const key = `${use}:${userId}`;
      const answer = await own.take(userId, use);
      if (!answer.admitted) return answer;
      const known = remainingOf.get(key) ?? 0;
      const asking = askShared(key);
      if (known <= perMinute / 2) return asking;
      // Until the answer is here, the next message waits for its own, or a burst would pass by the last answer.
      remainingOf.delete(key);
      return { admitted: true };
    },
  };
}
