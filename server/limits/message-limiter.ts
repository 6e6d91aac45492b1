import { Ratelimit } from "@upstash/ratelimit";
import type { Redis } from "@upstash/redis";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Logger } from "@/server/observability/logger";

export type Admission = { admitted: true } | { admitted: false; retryAfterMs: number };

/** How many messages a person may send within a minute. Fails open: a limiter that is down lets everybody through. */
export interface MessageLimiter {
  take(userId: string): Promise<Admission>;
}

/** A person sent more messages than they may. */
export class MessageLimitError extends Error {
  override name = "MessageLimitError";

  constructor(readonly retryAfterMs: number) {
    super(`You are writing faster than we can listen. Please wait ${Math.ceil(retryAfterMs / 1_000)} seconds.`);
  }
}

const WINDOW_SECONDS = 60;
/** What a message waits for the limiter at most, in milliseconds. */
const TIMEOUT_MS = 50;

/** Counts in Redis, so that all processes count together. */
export function createRedisLimiter(redis: Redis, perMinute: number, logger: Logger): MessageLimiter {
  const limiter = new Ratelimit({
    redis,
    limiter: Ratelimit.slidingWindow(perMinute, `${WINDOW_SECONDS} s`),
    prefix: "limit:messages",
    timeout: TIMEOUT_MS,
  });
  return {
    async take(userId) {
      try {
        const { success, reset, reason } = await limiter.limit(userId);
        if (reason === "timeout") logger.warn("message limiter timed out, letting through");
        return success ? { admitted: true } : { admitted: false, retryAfterMs: Math.max(1_000, reset - Date.now()) };
      } catch {
        // The error of the client quotes its command, and with it the person.
        logger.warn("message limiter failed, letting through");
        return { admitted: true };
      }
    },
  };
}

/** Counts in this process. */
export function createMemoryLimiter(perMinute: number): MessageLimiter {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
  return {
    async take(userId) {
      try {
        await limiter.consume(userId);
        return { admitted: true };
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return { admitted: false, retryAfterMs: refusal.msBeforeNext };
        throw refusal;
      }
    },
  };
}
