import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { upstashScripts } from "@/server/cache/upstash";
import { noFigures } from "@/server/insights/figures";
import { RedisInsightsStore } from "@/server/insights/redis-store";
import { KEEP_MS, LATE_MS, slotAt } from "@/server/insights/slots";
import { CacheRedis } from "@/tests/support/redis/cache-redis";
import { NOON, SetClock, startProcess } from "@/tests/unit/insights/process";
import { insightsStoreContract } from "@/tests/unit/insights/store-contract";

let redis: CacheRedis;
let commands = 0;

beforeAll(async () => {
  redis = await CacheRedis.start();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  await redis.clear();
  redis.server.fault = { kind: "none" };
  commands = 0;
});

function open(timeoutMs = 5_000): RedisInsightsStore {
  const { url, token } = redis.server;
  const scripts = upstashScripts({ url, token, timeoutMs, onRequest: (sent) => (commands += sent) });
  return new RedisInsightsStore({ scripts, prefix: redis.prefix });
}

const SLOT = slotAt(NOON);
const figures = { ...noFigures(), counters: { "clarify.replies?outcome=complete&voice=model": 1 } };
const readFresh = { section: "user", outcome: "fresh" } as const;

insightsStoreContract("RedisInsightsStore", open);

describe("the keys in Redis", () => {
  it("expire", async () => {
    await open().write("a", [
      { slot: SLOT, figures },
      { slot: SLOT + 1, figures },
    ]);
    const keys = await redis.keys();
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      const left = Number(await redis.call("PTTL", key));
      expect(left).toBeGreaterThan(KEEP_MS);
      expect(left).toBeLessThanOrEqual(KEEP_MS + LATE_MS);
    }
  });

  it("take one command for a write, and for reading an hour", async () => {
    const store = open();
    await store.write("a", [
      { slot: SLOT, figures },
      { slot: SLOT + 1, figures },
    ]);
    expect(commands).toBe(1);
    redis.server.resetCounters();
    await store.read(Array.from({ length: 120 }, (_, index) => SLOT + index));
    expect(commands).toBe(2);
    expect(redis.server.commands).toBe(1);
  });

  it("ignores fields that are not figures", async () => {
    const store = open();
    await store.write("a", [{ slot: SLOT, figures }]);
    const [key = ""] = await redis.keys();
    await redis.call("HSET", key, "b", "no figures");
    await redis.call("HSET", key, "c", '{"counters":{"x":"many"}}');
    expect(await store.read([SLOT])).toEqual([[figures]]);
  });
});

describe("several processes over one Redis", () => {
  it("show the same figures", async () => {
    const clock = new SetClock();
    const [left, right] = [startProcess(open(), clock), startProcess(open(), clock)];
    for (let ms = 1; ms <= 60; ms += 1) {
      (ms % 2 === 0 ? left : right).metrics.cacheReadMs.record(ms / 5);
      (ms % 2 === 0 ? left : right).metrics.cacheReads.add(1, readFresh);
    }
    await left.insights.report("15m");
    const ofRight = (await right.insights.report("15m")).summary;
    const ofLeft = (await left.insights.report("15m")).summary;
    expect(ofLeft.durations.cacheRead?.count).toBe(60);
    expect(ofLeft).toEqual(ofRight);
    // Of 0.2, 0.4 … 12 ms a twentieth is above 11.4, exact to the bucket from 10 to 12.5.
    expect(ofLeft.durations.cacheRead?.p95).toBeGreaterThan(10);
    expect(ofLeft.durations.cacheRead?.p95).toBeLessThanOrEqual(12.5);
  });
});

describe("when Redis is away", () => {
  it.each([
    ["hangs", { kind: "hang" }],
    ["answers 500", { kind: "status", status: 500 }],
    ["answers nonsense", { kind: "nonsense", body: '{"result":"hello"}' }],
  ] as const)("and %s, the report says so and shows what this process counted", async (_what, fault) => {
    const { metrics, insights, logged } = startProcess(open(200), new SetClock());
    metrics.cacheReads.add(7, readFresh);
    redis.server.fault = fault;
    const report = await insights.report("15m");
    expect(report.store).toEqual({ kind: "redis", reachable: false });
    expect(report.summary.sources.user.fresh).toBe(7);
    redis.server.fault = { kind: "none" };
    const later = await insights.report("15m");
    expect(later.store.reachable).toBe(true);
    expect(later.summary.sources.user.fresh).toBe(7);
    expect(logged()).toEqual(["insights store not reachable", "insights store reached again"]);
  });
});
