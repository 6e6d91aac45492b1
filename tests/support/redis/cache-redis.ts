import type { CacheStore, StoreFactory, StoreParts } from "@/server/cache";
import { monotonicClock } from "@/server/cache";
import { runDirectly } from "@/server/cache/background";
import type { ScriptStoreOptions } from "@/server/cache/protocol/script-store";
import { redis } from "@/server/cache/redis";
import { upstash } from "@/server/cache/upstash";
import type { RedisExecutor } from "./executor";
import type { FoundRedis } from "./find-redis";
import { findRedis } from "./find-redis";
import { likeUpstash } from "./like-upstash";
import { RespServer } from "./resp-server";
import { RestServer } from "./rest-server";

/** How a store reaches its Redis. */
export type Transport = "upstash" | "redis";

export const TRANSPORTS: readonly Transport[] = ["upstash", "redis"];

/** The address of a process's store, as data that survives JSON. */
export type StoreAddress = { prefix: string } & (
  | { transport: "upstash"; url: string; token: string }
  | { transport: "redis"; url: string }
);

export interface CacheRedisOptions extends ScriptStoreOptions {
  readTimeoutMs?: number;
  writeTimeoutMs?: number;
}

/** Long deadlines, because test machines are busy. */
const PATIENT = { readTimeoutMs: 5_000, writeTimeoutMs: 5_000 };

/** For a store without a cache over it. */
export const ALONE: StoreParts = { observer: () => {}, background: runDirectly, clock: monotonicClock };

/** The store at an address, as a process opens it. */
export function storeAt(address: StoreAddress, options: CacheRedisOptions = {}): StoreFactory {
  const { transport, ...where } = address;
  if (address.transport === "redis") return redis({ url: address.url, prefix: where.prefix, ...PATIENT, ...options });
  return upstash({ url: address.url, token: address.token, prefix: where.prefix, ...PATIENT, ...options });
}

/** The keys of a Redis under a prefix of their own. */
export class KeySpace {
  readonly prefix = `test-${crypto.randomUUID()}:`;

  constructor(private readonly executor: RedisExecutor) {}

  call(...command: (string | number)[]): Promise<unknown> {
    return this.executor.call(command);
  }

  async keys(): Promise<string[]> {
    return (await this.call("KEYS", `${this.prefix}*`)) as string[];
  }

  /** Ages all keys under the prefix by this many milliseconds, at once. */
  async advance(ms: number): Promise<void> {
    for (const key of await this.keys()) {
      if (key.endsWith(":fence")) {
        for (const writer of (await this.call("ZRANGE", key, 0, -1)) as string[]) {
          // A negative score is when a write was settled.
          const settled = Number(await this.call("ZSCORE", key, writer)) < 0;
          await this.call("ZINCRBY", key, settled ? ms : -ms, writer);
        }
      }
      const left = Number(await this.call("PTTL", key));
      if (left > ms) await this.call("PEXPIRE", key, left - ms);
      else if (left >= 0) await this.call("DEL", key);
    }
  }

  /** Removes all keys under the prefix. */
  async clear(): Promise<void> {
    for (const key of await this.keys()) await this.call("DEL", key);
  }
}

/** Any Redis, behind a server that misbehaves on demand. */
export class CacheRedis<Server extends RestServer | RespServer = RestServer> extends KeySpace {
  readonly #opened: CacheStore[] = [];

  private constructor(
    readonly redis: FoundRedis,
    readonly server: Server,
  ) {
    super(redis.executor);
  }

  /** Behind Upstash's REST API. */
  static async start(): Promise<CacheRedis<RestServer>> {
    const found = await findRedis();
    return new CacheRedis(found, await RestServer.start({ executor: likeUpstash(found.executor) }));
  }

  static async over(transport: Transport): Promise<CacheRedis<RestServer | RespServer>> {
    if (transport === "upstash") return CacheRedis.start();
    const found = await findRedis();
    return new CacheRedis<RestServer | RespServer>(found, await RespServer.start({ executor: found.executor }));
  }

  get address(): StoreAddress {
    const { server, prefix } = this;
    return server instanceof RestServer
      ? { transport: "upstash", url: server.url, token: server.token, prefix }
      : { transport: "redis", url: server.url, prefix };
  }

  /** The store of a process. */
  store(options?: CacheRedisOptions): StoreFactory {
    const make = storeAt(this.address, options);
    return (parts) => {
      const store = make(parts);
      this.#opened.push(store);
      return store;
    };
  }

  /** The same without a cache over it. */
  open(): CacheStore {
    return this.store()(ALONE);
  }

  async stop(): Promise<void> {
    await this.clear();
    await Promise.all(this.#opened.map((store) => store.close()));
    await this.server.close();
    await this.redis.stop();
  }
}
