import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Cache, CacheEvent, CachePolicy } from "@/server/cache";
import { createCache, LoadTimeoutError, WriteTimeoutError } from "@/server/cache";
import { MemoryStore } from "@/server/cache/memory";
import { ManualClock, settle } from "@/server/cache/testing";
import { CollectingBackground } from "./collecting-background";
import { FaultyStore } from "./faulty-store";

const POLICY: CachePolicy = { ttlMs: 10_000, version: 1, failSafeMs: 50_000 };
const SOFT: CachePolicy = { ...POLICY, loadSoftTimeoutMs: 300 };

let clock: ManualClock;
let memory: MemoryStore;
let store: FaultyStore;
let background: CollectingBackground;
let events: CacheEvent[];
let cache: Cache;
/** Another process over the same store. */
let other: Cache;

beforeEach(() => {
  clock = new ManualClock();
  memory = new MemoryStore({ clock });
  store = new FaultyStore(memory);
  background = new CollectingBackground();
  events = [];
  cache = createCache({ store: () => store, background, clock, observer: (event) => events.push(event) });
  other = createCache({ store: () => memory, background, clock });
});

const seen = (type: CacheEvent["type"]) => events.filter((event) => event.type === type);
const value = <T>(result: T) => vi.fn(async () => result);
const failure = (message = "the database is down") => vi.fn(() => Promise.reject(new Error(message)));

const leasing = (key: string) => ({
  key,
  version: 1,
  tags: [],
  keepMs: 60_000,
  ttlMs: 1,
  agingMs: 1,
  wantExpired: false,
  lease: { token: "another", ms: 1 },
});

/** A loader whose promise the test settles. */
function pending<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const load = vi.fn((_signal: AbortSignal) => promise);
  return { load, resolve, reject };
}

describe("a read", () => {
  test("loads an absent entry, stores it in the background, and finds it the next time", async () => {
    const load = value("v");
    expect(await cache.getOrSet("k", load, POLICY)).toMatchObject({ value: "v", outcome: "loaded", ageMs: 0 });
    await background.idle();
    await clock.advance(1_000);
    expect(await cache.getOrSet("k", load, POLICY)).toMatchObject({ value: "v", outcome: "fresh", ageMs: 1_000 });
    expect(load).toHaveBeenCalledTimes(1);
    expect(background.names).toEqual(["fill"]);
    expect(events.map((event) => (event.type === "read" ? event.outcome : event.type))).toEqual([
      "loaded",
      "stored",
      "fresh",
    ]);
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["undefined", undefined],
    ["an empty list", []],
    ["false", false],
    ["dates, maps, sets, bigints and holes", { at: new Date(0), map: new Map([[1, new Set([2n])]]), hole: undefined }],
    ["text of any script", 'quote " שלום 世界 😀 \u0000'],
  ])("finds %s as it was", async (_, original) => {
    const load = value(original);
    await cache.getOrSet("k", load, POLICY);
    await background.idle();
    const found = await cache.getOrSet("k", load, POLICY);
    expect(found.outcome).toBe("fresh");
    expect(found.value).toStrictEqual(original);
  });

  test("gives every caller a value of its own", async () => {
    const { load, resolve } = pending<{ list: number[] }>();
    const reads = [cache.getOrSet("k", load, POLICY), cache.getOrSet("k", load, POLICY)];
    resolve({ list: [1] });
    const [loaded, joined] = await Promise.all(reads);
    loaded?.value.list.push(2);
    joined?.value.list.push(3);
    await background.idle();
    const found = await cache.getOrSet("k", load, POLICY);
    expect(found.value).toEqual({ list: [1] });
    found.value.list.push(4);
    expect((await cache.getOrSet("k", load, POLICY)).value).toEqual({ list: [1] });
  });

  test("in the last fifth of its life is served, and refreshed once in the background", async () => {
    await cache.getOrSet("k", value("old"), POLICY);
    await clock.advance(8_000);
    const refresh = value("new");
    const reads = await Promise.all([1, 2, 3].map(() => cache.getOrSet("k", refresh, POLICY)));
    expect(reads.map((read) => [read.value, read.outcome, read.ageMs])).toEqual(Array(3).fill(["old", "aging", 8_000]));
    await background.idle();
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(background.names).toEqual(["fill", "refresh"]);
    expect(await cache.getOrSet("k", refresh, POLICY)).toMatchObject({ value: "new", outcome: "fresh" });
  });

  test("a failed refresh is reported once and leaves the entry to be refreshed by the next read", async () => {
    await cache.getOrSet("k", value("old"), POLICY);
    await clock.advance(9_000);
    expect(await cache.getOrSet("k", failure(), POLICY)).toMatchObject({ value: "old", outcome: "aging" });
    await background.idle();
    expect(seen("load-failed")).toEqual([
      {
        type: "load-failed",
        key: "k",
        background: true,
        error: expect.objectContaining({ message: "the database is down" }),
      },
    ]);
    await cache.getOrSet("k", value("new"), POLICY);
    await background.idle();
    expect(await cache.getOrSet("k", failure(), POLICY)).toMatchObject({ value: "new", outcome: "fresh" });
  });

  test("never serves an entry that is older than its ttl", async () => {
    await cache.getOrSet("k", value("old"), POLICY);
    await clock.advance(10_000);
    expect(await cache.getOrSet("k", value("new"), POLICY)).toMatchObject({ value: "new", outcome: "loaded" });
  });

  test("another schema version is a miss", async () => {
    await cache.getOrSet("k", value("old shape"), POLICY);
    await background.idle();
    expect(await cache.getOrSet("k", value("new shape"), { ...POLICY, version: 2 })).toMatchObject({
      value: "new shape",
      outcome: "loaded",
    });
  });

  test("an entry that is not one of ours is a miss, is reported, and is replaced", async () => {
    await memory.readOrLease(leasing("k"));
    await memory.fill({
      key: "k",
      version: 1,
      tags: [],
      payload: "{not json",
      keepMs: 60_000,
      lease: { token: "another", ms: 1 },
    });
    expect(await cache.getOrSet("k", value("v"), POLICY)).toMatchObject({ value: "v", outcome: "loaded" });
    expect(seen("corrupt")).toEqual([{ type: "corrupt", key: "k" }]);
    await background.idle();
    expect(await cache.getOrSet("k", failure(), POLICY)).toMatchObject({ value: "v", outcome: "fresh" });
  });

  test("a value that cannot be stored is returned without waiting", async () => {
    const circular: Record<string, unknown> = {};
    Object.defineProperty(circular, "constructor", { value: "bad", enumerable: true });
    expect((await cache.getOrSet("k", value(circular), POLICY)).value).toBe(circular);
    await background.idle();
    expect(seen("not-serialisable")).toHaveLength(1);
    expect((await other.getOrSet("k", value("v"), POLICY)).outcome).toBe("loaded");
  });
});

describe("a load that fails or is late", () => {
  test("rejects with the loader's error if no copy is held, and is not cached", async () => {
    await expect(cache.getOrSet("k", failure(), POLICY)).rejects.toThrow("the database is down");
    expect(await other.getOrSet("k", value("v"), POLICY)).toMatchObject({ value: "v", outcome: "loaded" });
    expect(seen("load-failed")).toHaveLength(1);
  });

  test("a loader that throws before it returns a promise is no different", async () => {
    const load = () => {
      throw new Error("at once");
    };
    await expect(cache.getOrSet("k", load, POLICY)).rejects.toThrow("at once");
  });

  test("is covered by the expired copy, marked as a fallback", async () => {
    await cache.getOrSet("k", value("old"), POLICY);
    await clock.advance(20_000);
    expect(await cache.getOrSet("k", failure(), POLICY)).toMatchObject({
      value: "old",
      outcome: "fallback",
      ageMs: 20_000,
    });
    expect(await cache.getOrSet("k", value("new"), POLICY)).toMatchObject({ value: "new", outcome: "loaded" });
  });

  test("has no copy to fall back on once the fail-safe time is over", async () => {
    await cache.getOrSet("k", value("old"), POLICY);
    await clock.advance(60_000);
    await expect(cache.getOrSet("k", failure(), POLICY)).rejects.toThrow("the database is down");
  });

  test("has no copy to fall back on after an invalidation", async () => {
    await cache.getOrSet("k", value("old"), POLICY);
    await clock.advance(20_000);
    await cache.invalidate(["k"]);
    await expect(cache.getOrSet("k", failure(), POLICY)).rejects.toThrow("the database is down");
  });

  test("past the soft timeout the copy is served, and the load still stores", async () => {
    await cache.getOrSet("k", value("old"), SOFT);
    await clock.advance(20_000);
    const { load, resolve } = pending<string>();
    const reads = [cache.getOrSet("k", load, SOFT), cache.getOrSet("k", load, SOFT), other.getOrSet("k", load, SOFT)];
    await clock.advance(300);
    for (const read of await Promise.all(reads)) {
      expect(read).toMatchObject({ value: "old", outcome: "fallback", ageMs: 20_300, loadMs: 300 });
    }
    resolve("new");
    await background.idle();
    expect(load).toHaveBeenCalledTimes(1);
    expect(await cache.getOrSet("k", load, SOFT)).toMatchObject({ value: "new", outcome: "fresh" });
  });

  test("the soft timeout has no effect if no copy is held", async () => {
    const { load, resolve } = pending<string>();
    const read = cache.getOrSet("k", load, SOFT);
    await clock.advance(1_000);
    resolve("v");
    expect(await read).toMatchObject({ value: "v", outcome: "loaded", loadMs: 1_000 });
  });

  test("is aborted at the hard timeout, and its late value is not stored", async () => {
    const { load, resolve } = pending<string>();
    const read = cache.getOrSet("k", load, { ...POLICY, loadHardTimeoutMs: 700 });
    const rejected = expect(read).rejects.toThrow(LoadTimeoutError);
    await clock.advance(700);
    await rejected;
    expect(load.mock.calls[0]?.[0].aborted).toBe(true);
    resolve("late");
    await settle();
    expect((await cache.getOrSet("k", value("v"), POLICY)).value).toBe("v");
  });
});

describe("readers of one key at the same time", () => {
  test("load once, and get the loader's error once each", async () => {
    const good = pending<string>();
    const reads = Array.from({ length: 10 }, () => cache.getOrSet("k", good.load, POLICY));
    good.resolve("v");
    expect((await Promise.all(reads)).map((read) => read.outcome)).toEqual(["loaded", ...Array(9).fill("joined")]);
    expect(good.load).toHaveBeenCalledTimes(1);

    const bad = pending<string>();
    const failing = Array.from({ length: 3 }, () => cache.getOrSet("other", bad.load, POLICY));
    bad.reject(new Error("no"));
    expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
    expect(seen("load-failed")).toHaveLength(1);
  });

  test("in another process wait for the load and find its value", async () => {
    const { load, resolve } = pending<string>();
    const first = cache.getOrSet("k", load, POLICY);
    const unused = failure();
    const waiting = [other.getOrSet("k", unused, POLICY), other.getOrSet("k", unused, POLICY)];
    await clock.advance(500);
    resolve("v");
    await first;
    await clock.advance(200);
    for (const read of await Promise.all(waiting)) expect(read).toMatchObject({ value: "v", outcome: "joined" });
    expect(unused).not.toHaveBeenCalled();
  });

  test("take over from a loader that failed elsewhere, one of them", async () => {
    const { load, reject } = pending<string>();
    const first = cache.getOrSet("k", load, POLICY);
    const second = value("second");
    const waiting = Array.from({ length: 5 }, () => other.getOrSet("k", second, POLICY));
    await settle();
    reject(new Error("no"));
    await expect(first).rejects.toThrow("no");
    await clock.advance(200);
    const outcomes = (await Promise.all(waiting)).map((read) => read.outcome);
    expect(outcomes.toSorted()).toEqual(["joined", "joined", "joined", "joined", "loaded"]);
    expect(second).toHaveBeenCalledTimes(1);
  });

  test("wait a limited time for another process, then load without storing", async () => {
    const slow = pending<string>();
    void cache.getOrSet("k", slow.load, POLICY);
    const read = other.getOrSet("k", value("own"), POLICY);
    await clock.advance(2_100);
    expect(await read).toMatchObject({ value: "own", outcome: "loaded" });
    slow.resolve("first");
    await background.idle();
    expect(await cache.get("k", POLICY)).toMatchObject({ value: "first" });
  });

  test("do not join a load that began before an invalidation", async () => {
    const before = pending<string>();
    const reading = cache.getOrSet("k", before.load, POLICY);
    await settle();
    await other.invalidate(["k"]);
    expect(await cache.getOrSet("k", value("new"), POLICY)).toMatchObject({ value: "new", outcome: "loaded" });
    before.resolve("old");
    expect((await reading).value).toBe("old");
    await background.idle();
    expect(await cache.get("k", POLICY)).toMatchObject({ value: "new" });
    expect(seen("fill-refused")).toEqual([{ type: "fill-refused", key: "k" }]);
  });

  test("do not take part in a poll that was sent before they asked", async () => {
    const held = { lease: { kind: "held" as const, token: "elsewhere" }, entry: undefined, corrupt: false };
    const old = { lease: { kind: "none" as const }, entry: { payload: '{"json":"old"}', ageMs: 1 }, corrupt: false };
    const fresh = { ...old, entry: { payload: '{"json":"new"}', ageMs: 0 } };
    const sent = Promise.withResolvers<typeof old>();
    vi.spyOn(memory, "readOrLease")
      .mockResolvedValueOnce(held)
      .mockReturnValueOnce(sent.promise)
      .mockResolvedValueOnce(held)
      .mockResolvedValueOnce(fresh);
    const earlier = cache.getOrSet("k", failure(), POLICY);
    await clock.advance(20);
    const later = cache.getOrSet("k", failure(), POLICY);
    await clock.advance(20);
    sent.resolve(old);
    expect((await earlier).value).toBe("old");
    expect((await later).value).toBe("new");
  });

  test("a loader whose process froze for longer than its lease stores nothing", async () => {
    const frozen = createCache({
      store: () => store,
      background,
      clock: new ManualClock(),
      observer: (event) => events.push(event),
    });
    const slow = pending<string>();
    const reading = frozen.getOrSet("k", slow.load, POLICY);
    await clock.advance(7_000);
    slow.resolve("late");
    expect((await reading).value).toBe("late");
    await background.idle();
    expect(seen("fill-refused")).toHaveLength(1);
    expect(await cache.get("k", POLICY)).toBeUndefined();
  });
});

describe("a write", () => {
  test("blocks storing while it runs: reads load for themselves and do not join", async () => {
    await cache.getOrSet("k", value("old"), POLICY);
    await background.idle();
    const commit = Promise.withResolvers<string>();
    const writing = cache.write(["k"], () => commit.promise);
    await settle();
    const loads = value("uncommitted");
    const reads = await Promise.all([cache.getOrSet("k", loads, POLICY), other.getOrSet("k", loads, POLICY)]);
    expect(reads.map((read) => read.outcome)).toEqual(["loaded", "loaded"]);
    expect(loads).toHaveBeenCalledTimes(2);
    commit.resolve("done");
    expect(await writing).toBe("done");
    await background.idle();
    expect(await other.getOrSet("k", value("new"), POLICY)).toMatchObject({ value: "new", outcome: "loaded" });
  });

  test("that throws is released and rethrown", async () => {
    await expect(cache.write(["k"], failure("constraint"))).rejects.toThrow("constraint");
    await cache.getOrSet("k", value("v"), POLICY);
    await background.idle();
    expect(await cache.get("k", POLICY)).toMatchObject({ value: "v" });
  });

  test("is aborted before its fence ends", async () => {
    let told: AbortSignal | undefined;
    const writing = cache.write(["k"], async (signal) => {
      told = signal;
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    const rejected = expect(writing).rejects.toThrow(WriteTimeoutError);
    await clock.advance(3_999);
    expect(told?.aborted).toBe(false);
    clock.jump(1);
    expect(told?.aborted).toBe(true);
    expect((await memory.readOrLease(leasing("k"))).lease.kind).toBe("blocked");
    await rejected;
  });

  test("whose fence cannot be raised runs all the same, and is released", async () => {
    await cache.getOrSet("k", value("old"), POLICY);
    await background.idle();
    store.failing.add("fence");
    expect(await cache.write(["k"], value("done"))).toBe("done");
    expect(store.calls.slice(-2)).toEqual(["fence", "release"]);
    expect(await other.get("k", POLICY)).toBeUndefined();
    expect(cache.health().waitingInvalidations).toBe(0);
  });

  test("whose fence was applied although its answer got lost leaves no block behind", async () => {
    store.failing.add("fence");
    store.applied = true;
    await cache.write(["k"], value("done"));
    await other.getOrSet("k", value("v"), POLICY);
    await background.idle();
    expect(await other.get("k", POLICY)).toMatchObject({ value: "v" });
  });

  test("without waiting for its fence begins at once, and is released when both are done", async () => {
    const up = Promise.withResolvers<void>();
    vi.spyOn(memory, "fence").mockReturnValueOnce(up.promise);
    const commit = value("done");
    const writing = cache.write(["k"], commit, { waitForFence: false });
    await settle();
    expect(commit).toHaveBeenCalledOnce();
    expect(store.calls).toEqual(["fence"]);
    up.resolve();
    expect(await writing).toBe("done");
    expect(store.calls).toEqual(["fence", "release"]);
  });

  test("without keys sends nothing to the store", async () => {
    expect(await cache.write([], value("done"))).toBe("done");
    expect(store.calls).toEqual([]);
  });
});

describe("an invalidation that cannot reach the store", () => {
  beforeEach(async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    await cache.getOrSet("k", value("old"), POLICY);
    await background.idle();
    store.failing.add("fence").add("release").add("invalidate");
    await cache.write(["k"], value("done"));
    return () => vi.restoreAllMocks();
  });

  test("makes the key a miss here, which is not stored, until it got through", async () => {
    expect(cache.health().waitingInvalidations).toBe(1);
    const asked = store.calls.length;
    expect(await cache.getOrSet("k", value("new"), POLICY)).toMatchObject({
      value: "new",
      outcome: "loaded",
      readMs: 0,
    });
    expect(await cache.get("k", POLICY)).toBeUndefined();
    expect(store.calls).toHaveLength(asked);
    await cache.set("k", value("vouched"), POLICY);
    expect(await other.get("k", POLICY)).toMatchObject({ value: "old" });

    store.failing.clear();
    await clock.advance(100);
    await background.idle();
    expect(cache.health().waitingInvalidations).toBe(0);
    expect(await other.get("k", POLICY)).toBeUndefined();
    await cache.getOrSet("k", value("newer"), POLICY);
    await background.idle();
    expect(await cache.get("k", POLICY)).toMatchObject({ value: "newer" });
    expect(seen("invalidation-queued")[0]).toEqual({ type: "invalidation-queued", keys: 1, waiting: 1 });
    expect(seen("invalidation-recovered")).toEqual([{ type: "invalidation-recovered", keys: 1, waiting: 0 }]);
  });

  test("is retried with growing pauses, each task for a bounded time", async () => {
    const retries = () => store.calls.filter((call) => call === "invalidate").length;
    await clock.advance(8_000);
    await background.idle();
    expect(retries()).toBeGreaterThan(3);
    expect(retries()).toBeLessThan(10);
    expect(background.names.filter((name) => name === "retry invalidations")).toHaveLength(1);
    await clock.advance(30_000);
    expect(background.names.filter((name) => name === "retry invalidations").length).toBeGreaterThan(1);
    store.failing.clear();
    await clock.advance(5_000);
    expect(cache.health().waitingInvalidations).toBe(0);
  });

  test("is settled by a later one that gets through, but not by one sent before it", async () => {
    store.failing.delete("invalidate");
    await cache.invalidate(["k"]);
    expect(cache.health().waitingInvalidations).toBe(0);

    const earlier = Promise.withResolvers<void>();
    vi.spyOn(memory, "invalidate").mockReturnValueOnce(earlier.promise);
    const slow = cache.invalidate(["k"]);
    await cache.write(["k"], value("done"));
    earlier.resolve();
    await slow;
    expect(cache.health().waitingInvalidations).toBe(1);
  });

  test("a load that was under way when it failed is not stored", async () => {
    store.failing.delete("invalidate");
    await clock.advance(200);
    const { load, resolve } = pending<string>();
    const reading = cache.getOrSet("k", load, POLICY);
    await settle();
    store.failing.add("invalidate");
    await cache.invalidate(["k"]);
    resolve("read before the write");
    await reading;
    await settle();
    expect(await other.get("k", POLICY)).toBeUndefined();
  });
});

describe("a store that fails", () => {
  test("costs only the caching", async () => {
    store.failEverything();
    expect(await cache.getOrSet("k", value("v"), POLICY)).toMatchObject({ value: "v", outcome: "loaded" });
    expect(await cache.get("k", POLICY)).toBeUndefined();
    expect(await cache.write(["k"], value("done"))).toBe("done");
    expect(await cache.set("k", value("v"), POLICY)).toBe("v");
    await expect(cache.del("k")).resolves.toBeUndefined();
    expect(seen("store-failed")[0]).toMatchObject({ operation: "read", code: "timeout" });
  });

  test("lets the readers of one tick share a load that begins after the last of them asked", async () => {
    store.failEverything();
    const first = pending<{ text: string }>();
    const reads = Array.from({ length: 3 }, () => cache.getOrSet("k", first.load, POLICY));
    const elsewhere = cache.getOrSet("another key", value("w"), POLICY);
    await settle();
    expect(first.load).toHaveBeenCalledTimes(1);

    // That load may have read before a write that this reader has seen.
    const later = cache.getOrSet("k", value({ text: "newer" }), POLICY);
    await settle();
    first.resolve({ text: "v" });
    const answers = await Promise.all(reads);
    expect(answers.map(({ value, outcome }) => [value.text, outcome])).toEqual([
      ["v", "loaded"],
      ["v", "joined"],
      ["v", "joined"],
    ]);
    expect(answers[1]?.value).not.toBe(answers[0]?.value);
    expect(await later).toMatchObject({ value: { text: "newer" }, outcome: "loaded" });
    expect(await elsewhere).toMatchObject({ value: "w", outcome: "loaded" });
  });

  test("fails each reader that shares a load which fails, and the next one loads anew", async () => {
    store.failEverything();
    const bad = failure();
    const reads = await Promise.allSettled([1, 2].map(() => cache.getOrSet("k", bad, POLICY)));
    expect(reads.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(bad).toHaveBeenCalledTimes(1);
    expect(await cache.getOrSet("k", value("v"), POLICY)).toMatchObject({ value: "v", outcome: "loaded" });
  });

  test("makes each reader load for itself if the value cannot be shared", async () => {
    store.failEverything();
    const unserialisable = value(
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("no keys");
          },
        },
      ),
    );
    const reads = await Promise.all([1, 2].map(() => cache.getOrSet("k", unserialisable, POLICY)));
    expect(reads.map(({ outcome }) => outcome)).toEqual(["loaded", "loaded"]);
    expect(unserialisable).toHaveBeenCalledTimes(2);
  });

  test("while filling, is reported, and the reader has its value", async () => {
    store.failing.add("fill");
    expect((await cache.getOrSet("k", value("v"), POLICY)).value).toBe("v");
    await background.idle();
    expect(seen("store-failed")).toEqual([{ type: "store-failed", operation: "fill", code: "timeout", ms: 0 }]);
  });

  test("while waiting for another's load, makes the reader load for itself", async () => {
    void other.getOrSet("k", pending<string>().load, POLICY);
    const read = cache.getOrSet("k", value("own"), POLICY);
    await settle();
    store.failEverything();
    await clock.advance(100);
    expect(await read).toMatchObject({ value: "own", outcome: "loaded" });
  });
});

describe("get, set and del", () => {
  test("get finds the value of set, with its age, until del", async () => {
    await cache.set("k", async () => ({ n: 1n }), POLICY);
    await clock.advance(500);
    expect(await cache.get("k", POLICY)).toEqual({ value: { n: 1n }, ageMs: 500 });
    await cache.del("k");
    expect(await cache.get("k", POLICY)).toBeUndefined();
  });

  test("get takes no lease and serves nothing expired", async () => {
    expect(await cache.get("k", POLICY)).toBeUndefined();
    await cache.getOrSet("k", value("v"), POLICY);
    await background.idle();
    await clock.advance(10_000);
    expect(await cache.get("k", POLICY)).toBeUndefined();
  });

  test("set cancels the load in flight", async () => {
    const { load, resolve } = pending<string>();
    void cache.getOrSet("k", load, POLICY);
    await settle();
    await cache.set("k", value("vouched"), POLICY);
    resolve("older");
    await background.idle();
    expect(await cache.get("k", POLICY)).toMatchObject({ value: "vouched" });
  });

  test("a set that cannot reach the store is an invalidation waiting", async () => {
    store.failing.add("invalidate");
    await cache.set("k", value("v"), POLICY);
    expect(cache.health().waitingInvalidations).toBe(1);
  });

  test.each(["while it produces", "while it is stored"])(
    "a set that a write overtakes %s is not stored",
    async (when) => {
      const [produced, arrives] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
      const fill = memory.fill.bind(memory);
      vi.spyOn(memory, "fill").mockImplementationOnce((request) => arrives.promise.then(() => fill(request)));
      const setting = cache.set("k", () => produced.promise, POLICY);
      await settle();
      if (when === "while it is stored") produced.resolve("before the write");
      await settle();
      await other.write(["k"], value("done"));
      produced.resolve("before the write");
      arrives.resolve();
      expect(await setting).toBe("before the write");
      expect(await other.get("k", POLICY)).toBeUndefined();
    },
  );
});

test("a background runner that refuses work fails no request, and is reported", async () => {
  const refusing = createCache({
    store: () => store,
    clock,
    observer: (event) => events.push(event),
    background: {
      run() {
        throw new Error("outside a request");
      },
    },
  });
  expect((await refusing.getOrSet("k", value("v"), POLICY)).value).toBe("v");
  await settle();
  expect(seen("background-failed")).toMatchObject([{ name: "fill", error: { message: "outside a request" } }]);
  expect(await refusing.get("k", POLICY)).toMatchObject({ value: "v" });
});
