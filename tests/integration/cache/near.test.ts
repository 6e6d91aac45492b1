import { spawnSync } from "node:child_process";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Cache, CacheEvent } from "@/server/cache";
import { createCache } from "@/server/cache";
import { redis } from "@/server/cache/redis";
import type { FoundRedis } from "@/tests/support/redis/find-redis";
import { findRedis, spawnRedis } from "@/tests/support/redis/find-redis";

const POLICY = { ttlMs: 60_000, version: 1 };
const PREFIX = "near-test:";
const NEAR = { maxBytes: 1_000_000 };
const available = process.env.REDIS_URL !== undefined || spawnSync("redis-server", ["--version"]).status === 0;

/** Tests that need a real server; skipped without one. */
describe.skipIf(!available)("entries of a real Redis, kept near", () => {
  let found: FoundRedis;
  let url: string;
  let operator: Redis;
  let here: Cache;
  let there: Cache;
  let value: number;
  let requests: number;
  const caches: Cache[] = [];

  const open = (login?: string) => {
    const address = new URL(url);
    if (login) [address.username = "", address.password = ""] = login.split(":");
    const events: CacheEvent[] = [];
    const cache = createCache({
      store: redis({
        url: address.href,
        prefix: PREFIX,
        readTimeoutMs: 500,
        onRequest: () => {
          requests += 1;
        },
      }),
      near: NEAR,
      observer: (event) => void events.push(event),
      warn: () => {},
    });
    caches.push(cache);
    return { cache, events };
  };
  const read = (cache: Cache) => cache.getOrSet("k", async () => value, POLICY, { tags: ["team"] });
  const heard = (cache: Cache) => vi.waitFor(() => expect(cache.health().near?.isLive).toBe(true), WAIT);
  /** Reads until the answer comes from this process. */
  const near = (cache: Cache) => vi.waitFor(async () => expect((await read(cache)).outcome).toBe("near"), WAIT);
  const sees = (cache: Cache, expected: number) =>
    vi.waitFor(async () => expect((await read(cache)).value).toBe(expected), WAIT);

  beforeEach(async () => {
    found = await findRedis();
    // A database of its own, because it is emptied.
    url = `${found.url?.replace(/\/\d*$/, "")}/15`;
    operator = new Redis(url);
    value = 1;
    requests = 0;
    here = open().cache;
    there = open().cache;
    await Promise.all([heard(here), heard(there)]);
  });
  afterEach(async () => {
    for (const cache of caches.splice(0)) await cache.close();
    await operator.flushdb();
    operator.disconnect();
    await found.stop();
  });

  test("a hit sends nothing", async () => {
    await near(here);
    requests = 0;
    expect(await read(here)).toMatchObject({ value: 1, outcome: "near" });
    expect(requests).toBe(0);
  });

  test.each([
    ["its key", ["k"]],
    ["a tag", ["team"]],
  ])("a write in another process that names %s is seen, and in that process at once", async (_what, names) => {
    await near(here);
    await near(there);
    await there.write(names, async () => {
      value = 2;
    });
    expect((await read(there)).value).toBe(2);
    await sees(here, 2);
  });

  test("an entry that the server drops, or a server that is emptied, is not served any longer", async () => {
    await near(here);
    value = 2;
    await operator.del(`${PREFIX}{k}:stamp`);
    await sees(here, 2);
    await near(here);
    value = 3;
    await operator.flushdb();
    await sees(here, 3);
  });

  test("a feed whose connection is cut is empty until it is back, and then hears again", async () => {
    await near(here);
    const clients = String(await operator.call("CLIENT", "LIST", "TYPE", "pubsub")).split("\n");
    for (const client of clients.filter((line) => line.includes(" db=15 "))) {
      await operator.call("CLIENT", "KILL", "ID", /id=(\d+)/.exec(client)?.[1] ?? "");
    }
    await vi.waitFor(() => expect(here.health().near).toEqual({ bytes: 0, isLive: false }), WAIT);
    await near(here);
    await there.write(["k"], async () => {
      value = 2;
    });
    await sees(here, 2);
  });

  test("a feed at another server than the store hears nothing of it, and keeps nothing", async ({ skip }) => {
    const other = await spawnRedis();
    if (!other?.url) return skip("needs a redis-server on the PATH");
    const elsewhere = other.url;
    let clients = 0;
    const cache = createCache({
      store: redis({
        url,
        prefix: PREFIX,
        connect: (address, options) => {
          clients += 1;
          // The store's own client is the first.
          return new Redis(clients === 1 ? address : elsewhere, options);
        },
      }),
      near: NEAR,
      warn: () => {},
    });
    caches.push(cache);
    for (let reads = 0; reads < 10; reads += 1) {
      expect((await read(cache)).outcome).not.toBe("near");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(cache.health().near).toEqual({ bytes: 0, isLive: false });
    await other.stop();
  });

  test("a user who may not track keys reads from Redis, and the cache says so once", async () => {
    await operator.acl("SETUSER", "plain", "on", ">secret", "~*", "&*", "+@all", "-client|tracking");
    const { cache, events } = open("plain:secret");
    await vi.waitFor(() => expect(events.some(({ type }) => type === "feed-refused")).toBe(true), WAIT);
    await sees(cache, 1);
    await read(cache);
    expect((await read(cache)).outcome).toBe("fresh");
    await operator.acl("DELUSER", "plain");
  });
});

const WAIT = { timeout: 10_000, interval: 10 };
