import { Ratelimit } from "@upstash/ratelimit";
import { LRUCache } from "lru-cache";
import { createUpstashClient, StoreError } from "@/server/cache";
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

export interface RedisLimiterOptions extends MemoryLimiterOptions {
  url: string;
  token: string;
  logger: Logger;
  /** What a message waits for the shared count at most. Default 50 ms. */
  timeoutMs?: number;
}

/**
 * Counts in this process and, with all others, in Redis: both have to admit. While Redis does not answer, the process's own
 * count is what holds, so that a burst cannot open the limiter by making it late. Who has at least half left, by the last
 * answer that this process got, does not wait for the next one; so every further process that a person writes through
 * within a minute may let one message too many through.
 */
export function createRedisLimiter(options: RedisLimiterOptions): MessageLimiter {
  const { url, token, perMinute, logger, timeoutMs = 50 } = options;
  const own = createMemoryLimiter(options);
  const shared = new Ratelimit({
    redis: createUpstashClient({ url, token, timeoutMs }),
    limiter: Ratelimit.tokenBucket(1, `${Math.max(1, Math.round(MINUTE_MS / perMinute))} ms`, perMinute),
    prefix: "limit",
    // Its own would give up waiting and leave the request running.
    timeout: 0,
    ephemeralCache: false,
  });
  const remainingOf = new LRUCache<string, number>({ max: REMEMBERED, ttl: MINUTE_MS });

  async function askShared(key: string): Promise<Admission> {
    try {
      const { success, remaining, reset } = await shared.limit(key);
      remainingOf.set(key, remaining);
      return success ? { admitted: true } : { admitted: false, retryAfterMs: Math.max(1, reset - Date.now()) };
    } catch (error) {
      remainingOf.delete(key);
      const failure = error instanceof StoreError && error.code === "timeout" ? "failed_timeout" : "failed_error";
      // The error of the client quotes its command, and with it the person.
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
