import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createMetrics, METRICS } from "@/server/metrics";
import { distribution, total } from "@/server/telemetry/snapshot";
import { createTelemetry } from "@/server/telemetry/telemetry";
import { hitRate } from "@/tests/support/hit-rate";
import { parsePrometheus } from "@/tests/support/prometheus";

/** From the distribution's `prometheus` package, if it is installed. */
const PROMTOOL = process.env.PROMTOOL || "promtool";
const hasPromtool = spawnSync(PROMTOOL, ["--version"]).status === 0;

function create() {
  const telemetry = createTelemetry({ metricReaders: [], spanProcessors: [] });
  return { ...telemetry, metrics: createMetrics(telemetry.meter) };
}

/** Records every metric, and some of them twice. */
function recordAll({ metrics }: ReturnType<typeof create>): void {
  metrics.contextBuildMs.record(6, { temperature: "warm" });
  metrics.contextBuildMs.record(70, { temperature: "cold" });
  metrics.queryParallelMs.record(55);
  metrics.cacheReadMs.record(4.5);
  metrics.cacheWriteMs.record(9, { operation: "fill" });
  metrics.cacheReads.add(1, { section: "dreams", outcome: "loaded" });
  metrics.cacheReads.add(3, { section: "dreams", outcome: "fresh" });
  metrics.cacheReads.add(1, { section: "dreams", outcome: "fresh" });
  metrics.sectionLoadMs.record(50, { section: "dreams", result: "loaded" });
  metrics.cacheFailures.add(1, { operation: "read", code: "timeout" });
  metrics.cacheIncidents.add(1, { kind: "corrupt" });
  metrics.cacheChecks.add(1, { section: "dreams" });
  metrics.cacheInconsistencies.add(1, { section: "dreams", age: "over_1_min" });
  metrics.redisRequests.add(1, { purpose: "cache" });
  metrics.redisCommands.add(2, { purpose: "cache" });
  metrics.preModelMs.record(60, { voice: "model", temperature: "warm" });
  metrics.firstTokenMs.record(700, { voice: "model" });
  metrics.replies.add(1, { voice: "model", outcome: "complete" });
  metrics.earlyCalls.add(1, { outcome: "taken" });
  metrics.modelTokens.add(1_000, { kind: "cache_read", purpose: "reply" });
  metrics.modelFailures.add(1, { purpose: "reply", code: "overloaded" });
  metrics.limiterDecisions.add(1, { decision: "admitted" });
  metrics.budgetDecisions.add(1, { decision: "refused" });
  metrics.consolidationRuns.add(1, { result: "succeeded" });
  metrics.consolidationPeople.add(1, { outcome: "consolidated" });
  metrics.processStarts.add(1);
  metrics.retentionRuns.add(1, { result: "succeeded" });
  metrics.retentionConversations.add(3);
  metrics.mailFailures.add(1, { reason: "rate_limited" });
  metrics.observeConsolidation(() => ({ succeededAt: 1_764_000_000_000, failedAt: null }));
  metrics.webhookEvents.add(1, { outcome: "accepted" });
  metrics.observeCache(() => ({ breaker: "half-open", waitingInvalidations: 7 }));
}

describe("the metrics", () => {
  it("have the names that the design gives them", () => {
    expect(Object.keys(METRICS)).toEqual(
      expect.arrayContaining([
        "clarify.context_build_ms",
        "clarify.query_parallel_ms",
        "clarify.cache_read_ms",
        "clarify.cache_write_ms",
        "clarify.cache_reads",
        "clarify.pre_model_ms",
        "clarify.first_token_ms",
      ]),
    );
  });

  it("have rising buckets, with every target as a boundary", () => {
    for (const metric of Object.values(METRICS)) {
      const boundaries: readonly number[] = "buckets" in metric ? metric.buckets : [];
      expect([...boundaries]).toEqual([...new Set(boundaries)].sort((left, right) => left - right));
    }
    expect(METRICS["clarify.context_build_ms"].buckets).toContain(100);
    expect(METRICS["clarify.query_parallel_ms"].buckets).toContain(80);
    expect(METRICS["clarify.cache_read_ms"].buckets).toContain(10);
    expect(METRICS["clarify.cache_write_ms"].buckets).toContain(20);
  });

  it("all appear as Prometheus text, each with exactly its declared labels", async () => {
    const telemetry = create();
    recordAll(telemetry);
    const { samples, types } = parsePrometheus(await telemetry.prometheus());
    for (const [name, { kind, labels }] of Object.entries(METRICS)) {
      const family = `${name.replaceAll(".", "_")}${kind === "counter" ? "_total" : ""}`;
      expect(types.get(family), family).toBe(kind);
      const seen = samples.filter((sample) => sample.name === family || sample.name.startsWith(`${family}_`));
      expect(seen.length, family).toBeGreaterThan(0);
      for (const sample of seen) {
        expect(Object.keys(sample.labels).filter((label) => label !== "le")).toEqual(labels);
      }
    }
    expect([...types.keys()].filter((name) => name !== "target_info")).toHaveLength(Object.keys(METRICS).length);
  });

  it.skipIf(!hasPromtool)("are taken by Prometheus's own parser", async () => {
    const telemetry = create();
    recordAll(telemetry);
    const input = await telemetry.prometheus();
    const check = (text: string) => spawnSync(PROMTOOL, ["check", "metrics"], { input: text, encoding: "utf8" });
    // 3: valid, with advice about names, for which it prefers seconds.
    expect([0, 3]).toContain(check(input).status);
    expect(check(`${input}clarify_replies_total{voice="model} 1\n`).status).toBe(1);
  });

  it("say the same as text and as plain data", async () => {
    const telemetry = create();
    recordAll(telemetry);
    const text = parsePrometheus(await telemetry.prometheus());
    const data = await telemetry.snapshot();
    expect(total(data, "clarify.cache_reads", { outcome: "fresh" })).toBe(4);
    expect(text.total("clarify_cache_reads_total", { outcome: "fresh" })).toBe(4);
    expect(hitRate(data)).toBe(0.8);
    expect(distribution(data, "clarify.context_build_ms")).toMatchObject({ count: 2, sum: 76 });
    expect(text.total("clarify_context_build_ms_count")).toBe(2);
    expect(total(data, "clarify.breaker_state")).toBe(1);
    expect(text.total("clarify_invalidations_waiting")).toBe(7);
  });

  it("go on counting from one reading to the next", async () => {
    const telemetry = create();
    for (let n = 1; n <= 3; n += 1) {
      recordAll(telemetry);
      const data = await telemetry.snapshot();
      expect(total(data, "clarify.cache_reads")).toBe(5 * n);
      expect(total(data, "clarify.model_tokens")).toBe(1_000 * n);
      expect(distribution(data, "clarify.cache_read_ms")?.count).toBe(n);
    }
  });
});
