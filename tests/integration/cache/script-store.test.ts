import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Cache, CachePolicy } from "@/server/cache";
import { createCache } from "@/server/cache";
import { CacheRedis, TRANSPORTS } from "@/tests/support/redis/cache-redis";
import type { RespServer } from "@/tests/support/redis/resp-server";
import type { RestServer, SeenRequest } from "@/tests/support/redis/rest-server";
import { CollectingBackground } from "@/tests/unit/cache/collecting-background";
import { consistencyChecks } from "@/tests/unit/cache/consistency-checks";
import { protocolSteps } from "@/tests/unit/cache/protocol-steps";
import { storeContract } from "@/tests/unit/cache/store-contract";

const POLICY: CachePolicy = { ttlMs: 60_000, version: 1 };
const KEYS = ["user", "dreams", "patterns", "sessions", "reflections"];

/** Calls the cache after this many promises. */
async function after<T>(hops: number, run: () => Promise<T>): Promise<T> {
  for (let hop = 0; hop < hops; hop += 1) await undefined;
  return run();
}

const commandsOf = ({ commands }: SeenRequest) => commands.map(([name]) => String(name).toUpperCase());

describe.each(TRANSPORTS)("by %s", (transport) => {
  let redis: CacheRedis<RestServer | RespServer>;
  let background: CollectingBackground;
  let requests: SeenRequest[];

  beforeAll(async () => {
    redis = await CacheRedis.over(transport);
  });
  afterAll(() => redis.stop());

  beforeEach(async () => {
    background = new CollectingBackground();
    await redis.clear();
    requests = [];
    redis.server.onRequest = (request) => void requests.push(request);
    return () => {
      redis.server.onRequest = undefined;
    };
  });

  const start = async () => ({ store: redis.open(), advance: (ms: number) => redis.advance(ms) });

  storeContract("ScriptStore", start);
  protocolSteps("ScriptStore", start);
  consistencyChecks("ScriptStore", start);

  describe("one round trip", () => {
    let cache: Cache;
    const readAll = () =>
      Promise.all(KEYS.map((key, index) => after(index * 7, () => cache.getOrSet(key, async () => key, POLICY))));

    beforeEach(async () => {
      cache = createCache({ store: redis.store(), background });
      // Loads the scripts.
      await cache.write(["warm up"], async () => {});
      await cache.getOrSet("warm up", async () => 0, POLICY);
      await background.idle();
      requests = [];
    });

    test("reading five keys, and getting the leases of missing ones, is one request with one command", async () => {
      await cache.set("user", async () => "user", POLICY);
      requests = [];
      const reads = await readAll();
      expect(reads.map(({ outcome }) => outcome)).toEqual(["fresh", "loaded", "loaded", "loaded", "loaded"]);
      const [read, ...fills] = requests;
      expect(read && commandsOf(read)).toEqual(["EVALSHA"]);
      await background.idle();
      expect(fills.length).toBeLessThanOrEqual(1);
    });

    test("a cold read of five keys is two requests with a command each: one reads, one stores", async () => {
      const loaded = Promise.withResolvers<void>();
      const cold = KEYS.map((key) => cache.getOrSet(key, () => loaded.promise.then(() => key), POLICY));
      await vi.waitFor(() => expect(requests).toHaveLength(1));
      loaded.resolve();
      expect((await Promise.all(cold)).map(({ outcome }) => outcome)).toEqual(Array(5).fill("loaded"));
      await background.idle();
      expect(requests.map(commandsOf)).toEqual([["EVALSHA"], ["EVALSHA"]]);
      expect((await readAll()).map(({ outcome }) => outcome)).toEqual(Array(5).fill("fresh"));
    });

    test("a warm read of five keys is one request with one command", async () => {
      await readAll();
      await background.idle();
      requests = [];
      const reads = await readAll();
      expect(reads.map(({ outcome }) => outcome)).toEqual(Array(5).fill("fresh"));
      expect(requests.map(commandsOf)).toEqual([["EVALSHA"]]);
    });

    test("sends equal reads of many callers in one tick once", async () => {
      await readAll();
      await background.idle();
      requests = [];
      const reads = await Promise.all(Array.from({ length: 20 }, readAll));
      expect(reads.flat().every(({ outcome }) => outcome === "fresh")).toBe(true);
      expect(requests).toHaveLength(1);
      expect(Number(requests[0]?.commands[0]?.[2])).toBe(KEYS.length * 4);
    });

    test("does not answer a read with an earlier tick's reply", async () => {
      const release = Promise.withResolvers<void>();
      redis.server.onRequest = (request) => {
        requests.push(request);
        return requests.length === 1 ? release.promise : undefined;
      };
      const first = cache.getOrSet("user", async () => "first", POLICY);
      await vi.waitFor(() => expect(requests).toHaveLength(1));
      const second = cache.get("user", POLICY);
      await new Promise((resolve) => setImmediate(resolve));
      release.resolve();
      await Promise.all([first, second]);
      await background.idle();
      // A read for each, and a fill of the first one.
      expect(requests).toHaveLength(3);
    });

    test("a fence of the same tick is sent after the reads", async () => {
      await readAll();
      await background.idle();
      requests = [];
      const [written, reads] = await Promise.all([cache.write(["sessions"], async () => "stored"), readAll()]);
      expect(written).toBe("stored");
      expect(reads.map(({ outcome }) => outcome)).toEqual(Array(5).fill("fresh"));
      const [first] = requests;
      expect(first?.commands.map((command) => Number(command[2]))).toEqual([KEYS.length * 4, 4]);
    });

    test("scripts that Redis has lost are sent again, once", async () => {
      await redis.call("SCRIPT", "FLUSH");
      expect((await readAll()).map(({ outcome }) => outcome)).toEqual(Array(5).fill("loaded"));
      expect(requests.slice(0, 2).map(commandsOf)).toEqual([["EVALSHA"], ["EVAL"]]);
      await redis.call("SCRIPT", "FLUSH");
      const [written, reads] = await Promise.all([cache.write(["other"], async () => "stored"), readAll()]);
      expect(written).toBe("stored");
      expect(reads).toHaveLength(5);
      await background.idle();
    });
  });

  describe("the keys in Redis", () => {
    /** Entry and lease belong to a version; stamp and fence belong to the key, or to a tag. */
    const name = (key: string, kind: string) => `${redis.prefix}{${key}}:${kind}`;
    const pttl = async (key: string, kind: string) => Number(await redis.call("PTTL", name(key, kind)));
    const request = (key: string, token: string) => ({
      key,
      version: 3,
      tags: [],
      keepMs: 100_000,
      ttlMs: 60_000,
      agingMs: 48_000,
      wantExpired: false,
      lease: { token, ms: 6_000 },
    });

    test("a lease contains its token, its holder's last sign of life and its stamps, and expires", async () => {
      await redis.open().readOrLease(request("k", "t"));
      expect(await redis.call("GET", name("k", "3:lease"))).toBe("t\n6000\nt");
      expect(await pttl("k", "3:lease")).toBeGreaterThan(1_000);
      expect(await pttl("k", "3:lease")).toBeLessThanOrEqual(6_000);
      expect((await redis.keys()).sort()).toEqual([name("k", "3:lease"), name("k", "stamp")]);
    });

    test("a stamp outlives the entries under it, and an entry with a shorter life does not shorten it", async () => {
      const store = redis.open();
      await store.readOrLease({ ...request("k", "t"), tags: ["tag"] });
      await store.readOrLease({ ...request("other", "u"), tags: ["tag"], keepMs: 1_000 });
      expect(await redis.call("GET", name("tag", "stamp"))).toBe("t");
      for (const key of ["k", "tag"]) expect(await pttl(key, "stamp")).toBeGreaterThan(100_000);
      expect(await redis.call("GET", name("other", "2:lease"))).toBeNull();
      expect(await redis.call("GET", name("other", "3:lease"))).toBe("u\n6000\nu,t");
    });

    test.each(["k", "tag"])(
      "an entry whose stamp of %s was evicted is a miss, and is never valid again",
      async (evicted) => {
        const store = redis.open();
        const tagged = (token?: string) =>
          store.readOrLease({
            ...request("k", token ?? ""),
            tags: ["tag"],
            lease: token ? { token, ms: 6_000 } : undefined,
          });
        await tagged("t");
        const filled = {
          key: "k",
          version: 3,
          tags: ["tag"],
          payload: "{}",
          keepMs: 100_000,
          lease: { token: "t", ms: 6_000 },
        };
        expect(await store.fill(filled)).toBe(true);
        expect((await tagged()).entry?.payload).toBe("{}");
        await redis.call("DEL", name(evicted, "stamp"));
        expect((await tagged()).entry).toBeUndefined();
        expect((await tagged("u")).lease).toEqual({ kind: "granted", token: "u" });
        expect((await tagged()).entry).toBeUndefined();
        await redis.call("DEL", name(evicted, "stamp"));
        expect(await store.fill({ ...filled, lease: { token: "u", ms: 6_000 } })).toBe(false);
      },
    );

    test("an entry is named by its version, carries its stamps, and ends after its life and fail-safe time, counted from its lease", async () => {
      const store = redis.open();
      await store.readOrLease(request("k", "t"));
      await redis.advance(2_000);
      await store.fill({
        key: "k",
        version: 3,
        tags: [],
        payload: "{}",
        keepMs: 100_000,
        lease: { token: "t", ms: 6_000 },
      });
      expect(await redis.call("GET", name("k", "3:entry"))).toBe("100000:t\n{}");
      expect(await pttl("k", "3:entry")).toBeLessThanOrEqual(98_000);
      expect(await pttl("k", "3:entry")).toBeGreaterThan(90_000);
      expect((await redis.keys()).sort()).toEqual([name("k", "3:entry"), name("k", "stamp")]);
    });

    test("a write removes the entries of its own version, and outdates those of another release", async () => {
      const [ours, theirs] = [redis.open(), redis.open()];
      const fill = async (store: typeof ours, version: number) => {
        await store.readOrLease({ ...request("k", "t"), version });
        const lease = { token: "t", ms: 6_000 };
        await store.fill({ key: "k", version, tags: [], payload: "{}", keepMs: 100_000, lease });
      };
      await fill(ours, 3);
      await fill(theirs, 4);
      await ours.invalidate(["k"]);
      expect(await redis.keys()).toEqual([name("k", "4:entry")]);
      expect((await theirs.readOrLease({ ...request("k", "t"), version: 4 })).entry).toBeUndefined();
    });

    test("a fence blocks filling until the end of every writer's block, and is removed with the last of them", async () => {
      const store = redis.open();
      await store.fence(["k"], "a", 20_000);
      await store.fence(["k"], "b", 5_000);
      expect(await redis.call("ZRANGE", name("k", "fence"), 0, -1)).toHaveLength(2);
      expect(await pttl("k", "fence")).toBeGreaterThan(15_000);
      expect(await pttl("k", "fence")).toBeLessThanOrEqual(20_000);
      await store.release(["k"], "a", false);
      expect(await redis.call("ZRANGE", name("k", "fence"), 0, -1)).toEqual(["b"]);
      await store.release(["k"], "b", false);
      expect(await redis.keys()).toEqual([]);
    });

    test("a write that was settled is remembered for a minute, and no longer by the next writer", async () => {
      const store = redis.open();
      await store.release(["k"], "a", true);
      expect(await pttl("k", "fence")).toBeGreaterThan(50_000);
      expect(await pttl("k", "fence")).toBeLessThanOrEqual(60_000);
      await redis.advance(40_000);
      await store.release(["k"], "b", true);
      await redis.advance(30_000);
      await store.fence(["k"], "c", 5_000);
      expect(await redis.call("ZRANGE", name("k", "fence"), 0, -1)).toEqual(["b", "c"]);
    });

    test("the blocks of writers that never returned are removed by the next", async () => {
      const store = redis.open();
      await store.fence(["k"], "dead", 5_000);
      await store.fence(["k"], "long", 50_000);
      await redis.advance(6_000);
      await store.fence(["k"], "next", 5_000);
      expect(await redis.call("ZRANGE", name("k", "fence"), 0, -1)).toEqual(expect.arrayContaining(["long", "next"]));
      expect(await redis.call("ZRANGE", name("k", "fence"), 0, -1)).toHaveLength(2);
    });

    test("everything that is written expires", async () => {
      const cache = createCache({ store: redis.store(), background });
      await Promise.all(KEYS.map((key) => cache.getOrSet(key, async () => key, POLICY)));
      await background.idle();
      await cache.set("set", async () => 1, POLICY);
      const store = redis.open();
      await store.readOrLease(request("leased", "t"));
      await store.fence(["fenced"], "t", 5_000);
      const keys = await redis.keys();
      // Entry or lease, and a stamp, of each; the fence has neither.
      expect(keys).toHaveLength((KEYS.length + 2) * 2 + 1);
      for (const key of keys) expect(Number(await redis.call("PTTL", key))).toBeGreaterThan(0);
    });

    test.each([
      ["text that is no entry", ["SET", "hello"]],
      ["an entry without an end", ["SET", '9999999:t\n{"json":"theirs"}']],
      ["an entry that outlives itself", ["SET", '10:t\n{"json":"theirs"}', "PX", 99_999]],
      ["another type", ["ZADD", 1, "member"]],
    ])("%s is a miss, and is replaced", async (_, [command = "", ...args]) => {
      await redis.call(command, name("k", "1:entry"), ...args);
      const corrupt: string[] = [];
      const cache = createCache({
        store: redis.store(),
        background,
        observer: (event) => event.type === "corrupt" && corrupt.push(event.key),
      });
      expect((await cache.getOrSet("k", async () => "ours", POLICY)).value).toBe("ours");
      await background.idle();
      expect(await cache.get("k", POLICY)).toMatchObject({ value: "ours" });
      expect(corrupt).toEqual(["k"]);
    });

    test("a payload that cannot be read is a miss, and is replaced", async () => {
      await redis.call("SET", name("k", "stamp"), "t", "PX", 9_999_999);
      await redis.call("SET", name("k", "1:entry"), "9999999:t\n{broken", "PX", 9_999_999);
      const cache = createCache({ store: redis.store(), background });
      expect((await cache.getOrSet("k", async () => "ours", { ttlMs: 99_999_999, version: 1 })).value).toBe("ours");
      await background.idle();
      expect(await cache.get("k", POLICY)).toMatchObject({ value: "ours" });
    });
  });
});
