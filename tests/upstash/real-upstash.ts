import { inject } from "vitest";
import { UpstashRequester } from "@/server/cache/upstash/upstash-requester";
import type { StoreAddress } from "@/tests/support/redis/cache-redis";
import { KeySpace } from "@/tests/support/redis/cache-redis";
import type { Command, RedisExecutor } from "@/tests/support/redis/executor";

declare module "vitest" {
  interface ProvidedContext {
    upstash: { url: string; token: string };
  }
}

/** The configured real database, and a part of its keys that nothing else uses. */
export class RealUpstash extends KeySpace {
  private constructor(
    executor: RedisExecutor,
    private readonly endpoint: { url: string; token: string },
  ) {
    super(executor);
  }

  static open(): RealUpstash {
    const endpoint = inject("upstash");
    const requester = new UpstashRequester({ ...endpoint, timeoutMs: 10_000 });
    const call = async (command: Command) => (await requester.request({ body: [...command] })).result;
    return new RealUpstash({ call, close: () => requester.close() }, endpoint);
  }

  get address(): StoreAddress {
    return { transport: "upstash", ...this.endpoint, prefix: this.prefix };
  }
}
