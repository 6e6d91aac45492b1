import type { BackgroundRunner, CacheObserver } from "@/server/cache";
import { createUpstashClients, UpstashStore } from "@/server/cache";
import type { RedisExecutor } from "./executor";
import type { FoundRedis } from "./find-redis";
import { findRedis } from "./find-redis";
import { RestServer } from "./rest-server";

interface StoreOptions {
  background: BackgroundRunner;
  observer?: CacheObserver;
  readTimeoutMs?: number;
  writeTimeoutMs?: number;
  breakerFailures?: number;
  breakerOpenMs?: number;
}

/** Whichever Redis there is, behind a REST server, with a key prefix that nobody else uses. */
export class CacheRedis {
  readonly prefix = `test-${crypto.randomUUID()}:`;

  private constructor(
    readonly redis: FoundRedis,
    readonly server: RestServer,
  ) {}

  static async start(): Promise<CacheRedis> {
    const redis = await findRedis();
    return new CacheRedis(redis, await RestServer.start({ executor: redis.executor }));
  }

  /** A store of its own, as a process has one. Patient unless told otherwise, because test machines are busy. */
  store({ background, observer, breakerFailures, breakerOpenMs, ...timeouts }: StoreOptions): UpstashStore {
    return new UpstashStore({
      clients: createUpstashClients({
        url: this.server.url,
        token: this.server.token,
        readTimeoutMs: 5_000,
        writeTimeoutMs: 5_000,
        ...timeouts,
      }),
      background,
      prefix: this.prefix,
      ...(observer && { observer }),
      ...(breakerFailures && { breakerFailures }),
      ...(breakerOpenMs && { breakerOpenMs }),
    });
  }

  call(...command: (string | number)[]): Promise<unknown> {
    return this.redis.executor.call(command);
  }

  keys(): Promise<string[]> {
    return keysOf(this.redis.executor, this.prefix);
  }

  /** Makes everything of ours older by so many milliseconds, at once. */
  async advance(ms: number): Promise<void> {
    for (const key of await this.keys()) {
      if (key.endsWith(":fence")) {
        for (const writer of (await this.call("ZRANGE", key, 0, -1)) as string[]) {
          await this.call("ZINCRBY", key, -ms, writer);
        }
      }
      const left = Number(await this.call("PTTL", key));
      if (left > ms) await this.call("PEXPIRE", key, left - ms);
      else if (left >= 0) await this.call("DEL", key);
    }
  }

  /** Removes everything of ours. */
  async clear(): Promise<void> {
    for (const key of await this.keys()) await this.call("DEL", key);
  }

  async stop(): Promise<void> {
    await this.clear();
    await this.server.close();
    await this.redis.stop();
  }
}

async function keysOf(executor: RedisExecutor, prefix: string): Promise<string[]> {
  return (await executor.call(["KEYS", `${prefix}*`])) as string[];
}
