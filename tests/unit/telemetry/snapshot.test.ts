import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRICS } from "@/server/metrics";
import type { Distribution } from "@/server/telemetry/snapshot";
import { distribution, mergeDistributions, quantile, total } from "@/server/telemetry/snapshot";
import { hitRate } from "@/tests/support/hit-rate";

const boundaries: readonly number[] = METRICS["clarify.context_build_ms"].buckets;

function distributionOf(values: readonly number[]): Distribution {
  const counts = Array.from({ length: boundaries.length + 1 }, () => 0);
  for (const value of values) {
    const bucket = boundaries.findIndex((upper) => value <= upper);
    const index = bucket === -1 ? boundaries.length : bucket;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return { boundaries, counts, count: values.length, sum: values.reduce((sum, value) => sum + value, 0) };
}

describe("quantile", () => {
  it("is always within the bucket that holds the true one", () => {
    const durations = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95, 0.99), (values, share) => {
        const sorted = [...values].sort((left, right) => left - right);
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
        const upper = boundaries.find((boundary) => exact <= boundary) ?? Number.NaN;
        const lower = boundaries.findLast((boundary) => boundary < exact) ?? 0;
        const estimate = quantile(distributionOf(values), share);
        expect(estimate).toBeGreaterThanOrEqual(lower);
        expect(estimate).toBeLessThanOrEqual(upper);
      }),
    );
  });

  it("is the last boundary for larger values, and undefined without values", () => {
    expect(quantile(distributionOf([9_000]), 0.5)).toBe(5_000);
    expect(quantile(distributionOf([]), 0.5)).toBeUndefined();
  });

  it("interpolates as Prometheus does", () => {
    // Ten values between 90 and 100: the 95th percentile lies 9.5 tenths into the bucket.
    expect(quantile(distributionOf(Array.from({ length: 10 }, () => 95)), 0.95)).toBeCloseTo(99.5);
  });
});

describe("adding up", () => {
  it("merges series of one metric", () => {
    const merged = mergeDistributions([distributionOf([1, 2, 300]), distributionOf([2])]);
    expect(merged).toEqual({ ...distributionOf([1, 2, 300, 2]), sum: 305 });
    expect(mergeDistributions([])).toBeUndefined();
  });

  it("takes only the series that carry the labels", () => {
    const warm = { labels: { temperature: "warm" }, ...distributionOf([5, 6]) };
    const cold = { labels: { temperature: "cold" }, ...distributionOf([70]) };
    const snapshot = { values: {}, distributions: { "clarify.context_build_ms": [warm, cold] } };
    expect(distribution(snapshot, "clarify.context_build_ms", { temperature: "cold" })?.count).toBe(1);
    expect(distribution(snapshot, "clarify.context_build_ms")?.count).toBe(3);
    expect(distribution(snapshot, "clarify.pre_model_ms")).toBeUndefined();
  });

  it("counts reads that did not wait for the database as hits", () => {
    const reads = (outcome: string, value: number) => ({ labels: { section: "dreams", outcome }, value });
    const outcomes = [
      reads("fresh", 6),
      reads("aging", 1),
      reads("joined", 1),
      reads("fallback", 1),
      reads("missing", 1),
    ];
    const snapshot = { values: { "clarify.cache_reads": outcomes }, distributions: {} };
    expect(hitRate(snapshot)).toBeCloseTo(0.7);
    expect(hitRate(snapshot, { section: "user" })).toBeUndefined();
    expect(total(snapshot, "clarify.cache_reads", { outcome: "aging" })).toBe(1);
  });
});
