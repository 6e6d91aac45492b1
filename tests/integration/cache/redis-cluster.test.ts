import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Cache, CachePolicy } from "@/server/cache";
import { createCache } from "@/server/cache";
import { redis } from "@/server/cache/redis";
import { ALONE, KeySpace } from "@/tests/support/redis/cache-redis";
import { canStartServers, RedisCluster, ReplicatedRedis, WatchedRedis } from "@/tests/support/redis/redis-servers";
import { protocolSteps } from "@/tests/unit/cache/protocol-steps";
import { storeContract } from "@/tests/unit/cache/store-contract";

const POLICY: CachePolicy = { ttlMs: 60_000, version: 1 };
const SECTIONS = ["user", "dreams", "patterns", "sessions", "reflections"];
const PATIENT = { readTimeoutMs: 5_000, writeTimeoutMs: 5_000 };

describe.skipIf(!canStartServers("a cluster of Redis"))("a cluster of Redis", () => {
  let cluster: RedisCluster;
  let space: KeySpace;
  let requests: number[];
  const opened: { close(): Promise<void> }[] = [];

  const store = (url = cluster.url) =>
    redis({ url, prefix: space.prefix, ...PATIENT, onRequest: (n) => requests.push(n) });
  function open(url?: string): Cache {
    const cache = createCache({ store: store(url), warn: () => {} });
    opened.push(cache);
    return cache;
  }
  /** The keys of two people whose entries are on two nodes. */
  async function peopleApart(): Promise<[string, string]> {
    const nodes = new Map<number, string>();
    for (let n = 0; nodes.size < 2; n += 1) nodes.set(await cluster.nodeOf(`{person-${n}}`), `person-${n}`);
    const [one = "", other = ""] = nodes.values();
    return [one, other];
  }
  const keysOf = (person: string) => SECTIONS.map((name) => `ctx:${name}:{${person}}`);
  const readAll = (cache: Cache, person: string, value = "loaded") =>
    Promise.all(keysOf(person).map((key) => cache.getOrSet(key, async () => value, POLICY)));
  const outcomes = async (...reading: Parameters<typeof readAll>) =>
    (await readAll(...reading)).map(({ outcome }) => outcome);
  const all = (outcome: string) => SECTIONS.map(() => outcome);

  beforeAll(async () => {
    cluster = await RedisCluster.start();
  });
  beforeEach(() => {
    space = new KeySpace(cluster.executor);
    requests = [];
  });
  afterAll(async () => {
    await Promise.all(opened.map((cache) => cache.close()));
    await cluster.stop();
  });

  const start = async () => {
    const alone = store()(ALONE);
    opened.push(alone);
    await alone.ready();
    return { store: alone, advance: (ms: number) => space.advance(ms) };
  };
  storeContract("RedisStore on a cluster", start);
  protocolSteps("RedisStore on a cluster", start);

  test("reads the entries of one person in one command, and stores them in another", async () => {
    const cache = open();
    await cache.ready();
    await readAll(cache, "warms up the scripts");
    await vi.waitFor(async () => expect(await space.keys()).toHaveLength(SECTIONS.length * 2));
    const [one] = await peopleApart();
    requests = [];
    const loaded = Promise.withResolvers<void>();
    const cold = keysOf(one).map((key) => cache.getOrSet(key, () => loaded.promise.then(() => key), POLICY));
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    loaded.resolve();
    await Promise.all(cold);
    await vi.waitFor(async () => expect(await space.keys()).toHaveLength(SECTIONS.length * 4));
    expect(await outcomes(cache, one)).toEqual(all("fresh"));
    expect(requests.slice(0, 2)).toEqual([1, 1]);
    expect(requests).toHaveLength(3);
  });

  test("reads the entries of two people in one tick, each from their node", async () => {
    const cache = open();
    await cache.ready();
    const [one, other] = await peopleApart();
    const read = () => Promise.all([outcomes(cache, one), outcomes(cache, other)]);
    expect(await read()).toEqual([all("loaded"), all("loaded")]);
    await vi.waitFor(async () => expect(await read()).toEqual([all("fresh"), all("fresh")]));
  });

  test("a write of two people's entries outdates both, for every process", async () => {
    const [here, there] = [open(), open()];
    await Promise.all([here.ready(), there.ready()]);
    const [one, other] = await peopleApart();
    await Promise.all([readAll(here, one, "before"), readAll(here, other, "before")]);
    await vi.waitFor(async () => expect(await space.keys()).toHaveLength(SECTIONS.length * 4));
    await here.write([...keysOf(one), ...keysOf(other)], async () => {});
    for (const person of [one, other]) {
      expect((await readAll(there, person, "after")).map(({ value }) => value)).toEqual(all("after"));
    }
    await there.invalidate([...keysOf(one), ...keysOf(other)]);
    expect(here.health().waitingInvalidations).toBe(0);
    expect((await readAll(here, one, "again")).map(({ value }) => value)).toEqual(all("again"));
  });

  test("a key without a hash tag has all that belongs to it in one slot", async () => {
    const cache = open();
    await cache.ready();
    for (const key of ["plain", "}", "{}", "{x}", "x", "%7D", "a}b{c"]) {
      await cache.set(key, async () => key, POLICY);
      expect(await cache.get(key, POLICY), key).toMatchObject({ value: key });
    }
    expect(cache.health().breaker).toBe("closed");
  });

  test("slots that move to another node are found there", async () => {
    const cache = open();
    await cache.ready();
    const [one] = await peopleApart();
    await readAll(cache, one);
    await vi.waitFor(async () => expect(await space.keys()).toHaveLength(SECTIONS.length * 2));
    const from = await cluster.nodeOf(`{${one}}`);
    const to = (from + 1) % 3;
    await cluster.moveSlotOf(`{${one}}`, { from, to });
    expect(await outcomes(cache, one)).toEqual(all("fresh"));
    await cache.write(keysOf(one), async () => {});
    expect((await readAll(cache, one, "after")).map(({ value }) => value)).toEqual(all("after"));
  });

  test("a tag in another slot than its entry is refused with a sentence, and is fine in the same", async () => {
    const cache = open();
    await cache.ready();
    const read = (tag: string) => cache.getOrSet("tasks:{7}", async () => "loaded", POLICY, { tags: [tag] });
    await expect(read("project:8")).rejects.toThrow('in one slot: give "tasks:{7}" and "project:8" the same');
    expect((await read("project:{7}")).value).toBe("loaded");
    await vi.waitFor(async () => expect((await read("project:{7}")).outcome).toBe("fresh"));
    await cache.invalidate({ tags: ["project:{7}"] });
    expect((await read("project:{7}")).outcome).toBe("loaded");
  });

  test("reports that the URL belongs to the other kind of Redis", async () => {
    const node = open(`redis://127.0.0.1:${cluster.ports[0]}`);
    await expect(node.ready()).rejects.toThrow(/is a node of a cluster.*redis\+cluster:\/\//);
  });

  test("a lost node affects only its own entries, and fails no request", async () => {
    const cache = open();
    await cache.ready();
    const [one, other] = await peopleApart();
    await Promise.all([readAll(cache, one), readAll(cache, other)]);
    await vi.waitFor(async () => expect(await outcomes(cache, other)).toEqual(all("fresh")));
    await cluster.kill(await cluster.nodeOf(`{${one}}`));
    for (let n = 0; n < 5; n += 1) {
      expect((await readAll(cache, one, "without")).map(({ value }) => value)).toEqual(all("without"));
      expect(await outcomes(cache, other)).toEqual(all("fresh"));
    }
    await cache.write([...keysOf(one), ...keysOf(other)], async () => {});
    expect((await readAll(cache, other, "after")).map(({ value }) => value)).toEqual(all("after"));
  });
});

describe.skipIf(!canStartServers("a Redis behind sentinels"))("a Redis behind sentinels", () => {
  test("keeps working through a failover, with the stored entries", async () => {
    const watched = await WatchedRedis.start();
    const cache = createCache({ store: redis({ url: watched.url, ...PATIENT, breakerOpenMs: 50 }), warn: () => {} });
    const read = () => cache.getOrSet("k", async () => "loaded", POLICY);
    await cache.ready();
    await read();
    await vi.waitFor(async () => expect((await read()).outcome).toBe("fresh"));
    await watched.failOver();
    await vi.waitFor(async () => expect((await read()).outcome).toBe("fresh"), { timeout: 20_000, interval: 50 });
    await cache.write(["k"], async () => {});
    expect(cache.health()).toEqual({ breaker: "closed", waitingInvalidations: 0 });
    await cache.close();
    await watched.stop();
  });

  test("keeps entries near again after two servers have swapped, and hears what is written to the new primary", async () => {
    const watched = await WatchedRedis.start();
    const open = () =>
      createCache({
        store: redis({ url: watched.url, ...PATIENT, breakerOpenMs: 50 }),
        near: { maxBytes: 1_000_000 },
        warn: () => {},
      });
    const [here, there] = [open(), open()];
    let value = 1;
    const read = () => here.getOrSet("k", async () => value, POLICY);
    const isNear = () => vi.waitFor(async () => expect((await read()).outcome).toBe("near"), LONG);
    await here.ready();
    await isNear();
    await watched.swap();
    await vi.waitFor(async () => {
      value += 1;
      await there.write(["k"], async () => {});
      expect(there.health().waitingInvalidations).toBe(0);
      await vi.waitFor(async () => expect((await read()).value).toBe(value), { timeout: 2_000, interval: 20 });
    }, LONG);
    await isNear();
    expect((await read()).value).toBe(value);
    await Promise.all([here.close(), there.close()]);
    await watched.stop();
  }, 60_000);
});

const LONG = { timeout: 20_000, interval: 50 };

describe.skipIf(!canStartServers("a Redis with a replica"))(
  "a Redis that fails over to a replica that is behind",
  () => {
    test("loses no invalidation of a process that lives on", async () => {
      const replicated = await ReplicatedRedis.start();
      const open = (near?: { maxBytes: number }) =>
        createCache({ store: redis({ url: replicated.url, ...PATIENT, breakerOpenMs: 50 }), near, warn: () => {} });
      const [writer, reader, nearby] = [open(), open(), open({ maxBytes: 1_000_000 })];
      const stored = new Map([
        ["written", 1],
        ["invalidated", 1],
        ["reported", 1],
      ]);
      const keys = [...stored.keys()];
      const read = (cache: Cache) =>
        Promise.all(keys.map(async (key) => (await cache.getOrSet(key, async () => stored.get(key), POLICY)).value));
      await Promise.all([writer, reader, nearby].map((cache) => cache.ready()));
      await read(reader);
      await vi.waitFor(async () => {
        for (const key of keys) expect(await reader.get(key, POLICY)).toMatchObject({ value: 1 });
      });
      await read(nearby);
      await Promise.all(keys.map((key) => replicated.replicated(`cc:{${key}}:1:entry`)));

      replicated.lag();
      for (const key of keys) stored.set(key, 2);
      await writer.write(["written"], async () => {});
      await writer.invalidate(["invalidated"]);
      await writer.invalidate(["reported"], { newsOf: "a write of another process" });
      await replicated.failOver();
      for (const cache of [writer, reader, nearby]) {
        const outcome = async () => (await cache.getOrSet("something else", async () => 0, POLICY)).outcome;
        await vi.waitFor(async () => expect(await outcome()).toMatch(/^(fresh|near)$/), LONG);
      }
      for (const cache of [writer, reader, nearby]) {
        await vi.waitFor(async () => expect(await read(cache)).toEqual([2, 2, 2]), { timeout: 2_000, interval: 50 });
      }
      expect(writer.health()).toMatchObject({ breaker: "closed", waitingInvalidations: 0 });
      await Promise.all([writer, reader, nearby].map((cache) => cache.close()));
      await replicated.stop();
    }, 60_000);
  },
);
