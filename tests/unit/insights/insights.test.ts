import { describe, expect, it, vi } from "vitest";
import { MemoryInsightsStore } from "@/server/insights/memory-store";
import type { InsightsReport, Range } from "@/server/insights/report";
import { RANGE_NAMES, RANGES } from "@/server/insights/report";
import { KEEP_MS, LATE_MS, SLOT_MS } from "@/server/insights/slots";
import type { InsightsStore } from "@/server/insights/store";
import { verdictOf } from "@/server/insights/targets";
import { distribution, quantile } from "@/server/telemetry/snapshot";
import { hitRate } from "@/tests/support/hit-rate";
import { NOON, SetClock, startProcess } from "./process";

/** A store that can be made unreachable. */
class LosableStore extends MemoryInsightsStore {
  lost = false;
  reads = 0;

  override async write(...args: Parameters<InsightsStore["write"]>): Promise<void> {
    if (this.lost) throw new Error("The store is gone");
    return super.write(...args);
  }

  override async read(slots: readonly number[]) {
    if (this.lost) throw new Error("The store is gone");
    this.reads += slots.length;
    return super.read(slots);
  }
}

const readFresh = { section: "user", outcome: "fresh" } as const;
const readsOf = ({ summary }: InsightsReport) => summary.sources.user.fresh;

describe("a report", () => {
  it("equals the figures at /api/metrics", async () => {
    const process = startProcess(new MemoryInsightsStore(), new SetClock());
    const { metrics } = process;
    for (let n = 1; n <= 100; n += 1) {
      metrics.contextBuildMs.record(n * 1.7, { temperature: n % 10 === 0 ? "cold" : "warm" });
      metrics.cacheReadMs.record(n / 9);
      metrics.cacheReads.add(5, { section: "dreams", outcome: n % 4 === 0 ? "loaded" : "fresh" });
    }
    const { summary } = await process.insights.report("15m");
    const snapshot = await process.snapshot();
    const build = distribution(snapshot, "clarify.context_build_ms");
    if (build === undefined) throw new Error("Nothing was counted");
    expect(summary.durations.contextBuild).toEqual({
      count: 100,
      p50: quantile(build, 0.5),
      p95: quantile(build, 0.95),
      p99: quantile(build, 0.99),
    });
    expect(summary.hitRates.dreams).toBe(hitRate(snapshot, { section: "dreams" }));
    expect(summary.sources.dreams).toMatchObject({ fresh: 375, loaded: 125, missing: 0 });
    expect(await process.prometheus()).toContain('clarify_cache_reads_total{section="dreams",outcome="fresh"} 375');
    expect(await process.prometheus()).toContain("clarify_cache_read_ms_count 100");
    expect(summary.durations.cacheRead?.count).toBe(100);
  });

  it("counts each active person once, in whatever processes and slots they were", async () => {
    const store = new MemoryInsightsStore();
    const clock = new SetClock();
    const [one, other] = [startProcess(store, clock), startProcess(store, clock)];
    for (let person = 0; person < 600; person += 1) one.insights.sawActive(`person ${person}`);
    await one.insights.report("15m");
    clock.ms += SLOT_MS;
    for (let person = 400; person < 1_000; person += 1) {
      other.insights.sawActive(`person ${person}`);
      other.insights.sawActive(`person ${person}`);
    }
    const { activePeople } = (await other.insights.report("15m")).summary;
    expect(Math.abs(activePeople - 1_000)).toBeLessThanOrEqual(15);
    clock.ms += RANGES["15m"].spanMs;
    expect((await other.insights.report("15m")).summary.activePeople).toBe(0);
  });

  it.each([0, 1, 2, 20])("is exact for %d people", async (people) => {
    const process = startProcess(new MemoryInsightsStore(), new SetClock());
    for (let person = 0; person < people; person += 1) process.insights.sawActive(`person ${person}`);
    expect((await process.insights.report("15m")).summary.activePeople).toBe(people);
  });

  it("adds up the figures of all processes, each once", async () => {
    const store = new MemoryInsightsStore();
    const clock = new SetClock();
    const [left, right] = [startProcess(store, clock), startProcess(store, clock)];
    for (const [process, reads] of [
      [left, 3],
      [right, 40],
    ] as const) {
      process.metrics.cacheReads.add(reads, readFresh);
      await process.insights.report("15m");
      await process.insights.report("15m");
    }
    expect(readsOf(await left.insights.report("15m"))).toBe(43);
    expect(readsOf(await right.insights.report("15m"))).toBe(43);
  });

  it("shows figures at the time at which they were counted", async () => {
    const clock = new SetClock();
    const { metrics, insights } = startProcess(new MemoryInsightsStore(), clock);
    for (const minute of [0, 1, 1, 4]) {
      clock.ms = NOON + minute * 60_000;
      metrics.cacheReads.add(1, readFresh);
      metrics.replies.add(1, { voice: "offline", outcome: "complete" });
      await insights.report("15m");
    }
    const { points } = await insights.report("15m");
    expect(
      points.filter(({ replies }) => replies > 0).map(({ at, replies }) => [(at - NOON) / 60_000, replies]),
    ).toEqual([
      [0, 1],
      [1, 2],
      [4, 1],
    ]);
  });

  it.each(RANGE_NAMES)("over %s covers exactly that time, in whole steps up to now", async (range: Range) => {
    const clock = new SetClock(NOON + 7 * 60_000 + 12_345);
    const { insights } = startProcess(new MemoryInsightsStore(), clock);
    const { points, stepMs } = await insights.report(range);
    expect(points).toHaveLength(RANGES[range].spanMs / stepMs);
    expect(points.every(({ at }) => at % stepMs === 0)).toBe(true);
    const last = points.at(-1)?.at ?? 0;
    expect(clock.ms - last).toBeLessThan(stepMs);
    expect(clock.ms - last).toBeGreaterThanOrEqual(0);
  });

  it("drops figures after a day", async () => {
    const clock = new SetClock();
    const { metrics, insights } = startProcess(new MemoryInsightsStore(), clock);
    metrics.cacheReads.add(5, readFresh);
    expect(readsOf(await insights.report("24h"))).toBe(5);
    clock.ms += KEEP_MS - 30 * SLOT_MS;
    expect(readsOf(await insights.report("24h"))).toBe(5);
    clock.ms += 31 * SLOT_MS;
    expect(readsOf(await insights.report("24h"))).toBe(0);
  });

  it("computes costs per 1,000 messages", async () => {
    const { metrics, insights } = startProcess(new MemoryInsightsStore(), new SetClock(), {
      prices: { redis: 2, input: 10, output: 100, cache_read: 1, cache_write: 20 },
    });
    expect((await insights.report("15m")).summary.cost).toBeNull();
    metrics.replies.add(4, { voice: "model", outcome: "complete" });
    metrics.redisCommands.add(20, { purpose: "cache" });
    metrics.modelTokens.add(4_000, { kind: "input", purpose: "reply" });
    metrics.modelTokens.add(12_000, { kind: "cache_read", purpose: "prewarm" });
    metrics.modelTokens.add(400, { kind: "output", purpose: "reply" });
    const { cost, cachedShare } = (await insights.report("15m")).summary;
    // For one message: 5 commands, 1,000 and 3,000 tokens in, 100 out.
    expect(cost?.redis).toBeCloseTo(0.1);
    expect(cost?.tokens).toEqual({ input: 10, cache_read: 3, output: 10, cache_write: 0 });
    expect(cost?.total).toBeCloseTo(23.1);
    expect(cost?.redisCommands).toBe(5_000);
    expect(cachedShare).toBe(0.75);
  });

  it("shows what nobody waits for: processes, the last runs of the consolidation, and what the check found", async () => {
    const { metrics, insights } = startProcess(new MemoryInsightsStore(), new SetClock());
    const silent = await insights.report("15m");
    expect(silent.consolidation).toEqual({ succeededAt: null, failedAt: null });
    metrics.processStarts.add(1);
    metrics.cacheChecks.add(9, { section: "dreams" });
    metrics.cacheInconsistencies.add(1, { section: "dreams", age: "under_1_min" });
    metrics.observeConsolidation(() => ({ succeededAt: NOON - 60_000, failedAt: null }));
    const { summary, consolidation } = await insights.report("15m");
    expect(summary.processStarts).toBe(1);
    expect(summary.checks).toEqual({ compared: 9, inconsistent: 1 });
    expect(consolidation).toEqual({ succeededAt: NOON - 60_000, failedAt: null });
  });

  it("separates replies by how they ended, failures by code, and warm builds from cold ones", async () => {
    const { metrics, insights } = startProcess(new MemoryInsightsStore(), new SetClock());
    metrics.replies.add(3, { voice: "model", outcome: "complete" });
    metrics.replies.add(1, { voice: "offline", outcome: "complete" });
    metrics.replies.add(5, { voice: "model", outcome: "interrupted" });
    metrics.modelFailures.add(2, { purpose: "reply", code: "overloaded" });
    for (const temperature of ["warm", "warm", "cold"] as const) metrics.contextBuildMs.record(30, { temperature });
    for (const temperature of ["warm", "warm", "warm", "cold"] as const) {
      metrics.preModelMs.record(10, { voice: "model", temperature });
    }
    const { summary } = await insights.report("15m");
    expect(summary.repliesBy).toEqual([
      { value: "interrupted", total: 5 },
      { value: "complete", total: 4 },
    ]);
    expect(summary.modelFailures).toEqual([{ value: "overloaded", total: 2 }]);
    expect([summary.buildMs.warm?.count, summary.buildMs.cold?.count]).toEqual([2, 1]);
    expect(summary.warmMessages).toEqual({ warm: 3, all: 4 });
  });

  it.each([
    [19, true, "early"],
    [19, false, "early"],
    [20, true, "met"],
    [20, false, "missed"],
  ] as const)("judges a target by %i observations that are within it or not (%s): %s", (observations, met, verdict) => {
    expect(verdictOf(observations, met)).toBe(verdict);
  });

  it("shows the breaker and the waiting invalidations as they are now, and at their worst", async () => {
    const clock = new SetClock();
    const { metrics, insights } = startProcess(new MemoryInsightsStore(), clock);
    let health = { breaker: "open" as "open" | "closed", waitingInvalidations: 6 };
    metrics.observeCache(() => health);
    await insights.report("15m");
    clock.ms += 60_000;
    health = { breaker: "closed", waitingInvalidations: 0 };
    const { points, summary } = await insights.report("15m");
    expect(summary).toMatchObject({ breaker: 2, waiting: 6 });
    expect(points.at(-1)).toMatchObject({ breaker: 0, waiting: 0 });
  });
});

describe("a sampler", () => {
  it("writes to the store regularly, and the last figures when it is stopped", async () => {
    const store = new MemoryInsightsStore();
    const clock = new SetClock();
    const working = startProcess(store, clock);
    const looking = startProcess(store, clock);
    const stop = working.insights.start();
    working.metrics.cacheReads.add(2, readFresh);
    clock.tick();
    await vi.waitFor(async () => expect(readsOf(await looking.insights.report("15m"))).toBe(2));
    working.metrics.cacheReads.add(2, readFresh);
    await stop();
    expect(readsOf(await looking.insights.report("15m"))).toBe(4);
    working.metrics.cacheReads.add(2, readFresh);
    clock.tick();
    await working.snapshot();
    expect(readsOf(await looking.insights.report("15m"))).toBe(4);
  });

  it("reads closed slots only once", async () => {
    const store = new LosableStore();
    const { insights } = startProcess(store, new SetClock());
    await insights.report("24h");
    const first = store.reads;
    await insights.report("24h");
    expect(first).toBeGreaterThan((KEEP_MS - 30 * SLOT_MS) / SLOT_MS);
    expect(store.reads - first).toBeLessThanOrEqual(LATE_MS / SLOT_MS + 2);
  });
});

describe("while the store cannot be reached", () => {
  it("shows this process's figures, is marked so, and logs the failure once", async () => {
    const store = new LosableStore();
    const { metrics, insights, logged } = startProcess(store, new SetClock());
    store.lost = true;
    metrics.cacheReads.add(2, readFresh);
    for (let turn = 0; turn < 3; turn += 1) await insights.report("15m");
    const report = await insights.report("15m");
    expect(report.store).toEqual({ kind: "memory", reachable: false });
    expect(readsOf(report)).toBe(2);
    expect(logged()).toEqual(["insights store not reachable"]);
  });

  it("loses nothing in the meantime, and catches up when the store is back", async () => {
    const store = new LosableStore();
    const clock = new SetClock();
    const { metrics, insights, logged } = startProcess(store, clock);
    for (const lost of [false, true, true, false]) {
      store.lost = lost;
      metrics.cacheReads.add(1, readFresh);
      await insights.report("15m");
      clock.ms += SLOT_MS;
    }
    const other = startProcess(store, clock);
    const report = await other.insights.report("15m");
    expect(readsOf(report)).toBe(4);
    expect(report.points.filter(({ hitRate: rate }) => rate !== null)).toHaveLength(4);
    expect(logged()).toEqual(["insights store not reachable", "insights store reached again"]);
  });

  it("keeps only what can still be written", async () => {
    const store = new LosableStore();
    const clock = new SetClock();
    const { metrics, insights } = startProcess(store, clock);
    store.lost = true;
    metrics.cacheReads.add(1, readFresh);
    await insights.report("15m");
    clock.ms += LATE_MS + 2 * SLOT_MS;
    await insights.report("15m");
    store.lost = false;
    metrics.cacheReads.add(1, readFresh);
    expect(readsOf(await insights.report("1h"))).toBe(1);
  });
});
