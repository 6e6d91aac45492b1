import { Ratelimit } from "@upstash/ratelimit";
import { LRUCache } from "lru-cache";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { createUpstashClient, StoreError } from "@/server/cache";
import type { Logger } from "@/server/telemetry/logger";

/** `failure`: the limiter itself did not answer, so the message was let through. */
export type Admission =
  | { admitted: true; failure?: "failed_timeout" | "failed_error" }
  | { admitted: false; retryAfterMs: number };

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
/** How many people's last answers a process remembers. */
const REMEMBERED = 10_000;

export interface RedisLimiterOptions {
  url: string;
  token: string;
  perMinute: number;
  logger: Logger;
  /** What a message waits for the limiter at most. Default 50 ms. */
  timeoutMs?: number;
}

/**
 * Counts in Redis, so that all processes count together. Who has at least half of their messages left, by the last
 * answer that this process got, does not wait for the next one; so every further process that a person writes through
 * within a minute may let one message too many through.
 */
export function createRedisLimiter({
  url,
  token,
  perMinute,
  logger,
  timeoutMs = 50,
}: RedisLimiterOptions): MessageLimiter {
  const limiter = new Ratelimit({
    redis: createUpstashClient({ url, token, timeoutMs }),
    limiter: Ratelimit.slidingWindow(perMinute, `${WINDOW_SECONDS} s`),
    prefix: "limit:messages",
    // Its own would give up waiting and leave the request running.
    timeout: 0,
  });
  const left = new LRUCache<string, number>({ max: REMEMBERED, ttl: WINDOW_SECONDS * 1_000 });

  async function ask(userId: string): Promise<Admission> {
    try {
      const { success, remaining, reset } = await limiter.limit(userId);
      left.set(userId, remaining);
      return success ? { admitted: true } : { admitted: false, retryAfterMs: Math.max(1_000, reset - Date.now()) };
    } catch (error) {
      left.delete(userId);
      const failure = error instanceof StoreError && error.code === "timeout" ? "failed_timeout" : "failed_error";
      // The error of the client quotes its command, and with it the person.
      logger.warn({ failure }, "message limiter failed, letting through");
      return { admitted: true, failure };
    }
  }

  return {
    async take(userId) {
      const known = left.get(userId) ?? 0;
      const answer = ask(userId);
      if (known <= perMinute / 2) return answer;
      // Counted already, because the answer may be later than the next message.
      left.set(userId, known - 1);
      return { admitted: true };
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
