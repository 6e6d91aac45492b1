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

/** What calls the model: a reply to a message or its continuation, or a prompt that is sent ahead of its message. */
export type ModelUse = "message" | "prewarm";

/**
 * How often a person may have the model called: so many times at once after a rest, and as many a minute for as long as
 * they go on. Each use is counted apart.
 */
export interface MessageLimiter {
  take(userId: string, use: ModelUse): Promise<Admission>;
}

const MINUTE_MS = 60_000;
/** How many people's last answers a process remembers. */
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
 * Takes one from a bucket, by the clock of Redis. KEYS: when the bucket will be full again, in milliseconds of the epoch.
 * ARGV: how many it holds, and how many milliseconds it takes to gain one. Returns { taken (1 or 0), how many are left,
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
  /** Its deadline is what a message waits for the shared count at most. */
  scripts: Pick<ScriptRunner, "run">;
  logger: Logger;
  /** In front of every key. Default `limit:`. */
  prefix?: string;
}

/**
 * Counts in this process and, with all others, in Redis: both have to admit. While Redis does not answer, the process's own
 * count is what holds, so that a burst cannot open the limiter by making it late. Who has at least half left, by the last
 * answer that this process got, does not wait for the next one; so every further process that a person writes through
 * within a minute may let one message too many through.
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
      // Counted already, because the answer may be later than the next message.
      remainingOf.set(key, known - 1);
      return { admitted: true };
    },
  };
}
