import { Redis } from "ioredis";
import type { Command, RedisExecutor } from "./executor";
import { ReplyError } from "./executor";

/** Runs commands on a real Redis, over one connection. */
export function realRedis(url: string): RedisExecutor {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  return {
    async call([name, ...args]: Command) {
      try {
        return await redis.call(String(name), ...args.map(String));
      } catch (error) {
        throw new ReplyError(error instanceof Error ? error.message : String(error));
      }
    },
    async close() {
      redis.disconnect();
    },
  };
}
