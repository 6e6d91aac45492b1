import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acrossProcesses, acrossTime, figuresBetween, isEmpty, noFigures, toSnapshot } from "@/server/insights/figures";
import { createMetrics } from "@/server/metrics";
import { distribution, quantile, total } from "@/server/telemetry/snapshot";
import { createTelemetry } from "@/server/telemetry/telemetry";

function start() {
  const { meter, snapshot } = createTelemetry({ metricReaders: [], spanProcessors: [] });
  return { snapshot, metrics: createMetrics(meter) };
}

const something = fc.array(
  fc.record({
    ms: fc.double({ min: 0, max: 9_000, noNaN: true }),
    section: fc.constantFrom("user", "dreams", "other"),
    outcome: fc.constantFrom("fresh", "loaded", "missing"),
  }),
  { maxLength: 30 },
);
type Something = typeof something extends fc.Arbitrary<infer T> ? T : never;

function record({ metrics }: ReturnType<typeof start>, counted: Something): void {
  for (const { ms, section, outcome } of counted) {
    metrics.cacheReads.add(1, { section, outcome } as { section: "user"; outcome: "fresh" });
    metrics.contextBuildMs.record(ms, { temperature: ms > 100 ? "cold" : "warm" });
  }
}

describe("figures", () => {
  it("always hold what was counted in between, however it is divided and added up", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(something, { minLength: 1, maxLength: 6 }), async (stretches) => {
        const one = start();
        const parts = [];
        let last = await one.snapshot();
        for (const stretch of stretches) {
          record(one, stretch);
          const next = await one.snapshot();
          parts.push(figuresBetween(last, next));
          last = next;
        }
        const together = toSnapshot(acrossTime(parts));
        for (const labels of [{}, { section: "user" }, { section: "dreams", outcome: "loaded" }]) {
          expect(total(together, "clarify.cache_reads", labels)).toBe(total(last, "clarify.cache_reads", labels));
        }
        const ours = distribution(together, "clarify.context_build_ms");
        const theirs = distribution(last, "clarify.context_build_ms");
        expect(ours && { ...ours, sum: 0 }).toEqual(theirs && { ...theirs, sum: 0 });
        expect(ours?.sum ?? 0).toBeCloseTo(theirs?.sum ?? 0, 6);
      }),
      { numRuns: 50 },
    );
  });

  it("of several processes give the percentiles of all that any of them counted", async () => {
    const [left, right, both] = [start(), start(), start()];
    for (let ms = 1; ms <= 200; ms += 1) {
      for (const process of [ms % 3 === 0 ? left : right, both]) process.metrics.cacheReadMs.record(ms / 4);
    }
    const merged = toSnapshot(
      acrossProcesses([
        figuresBetween(undefined, await left.snapshot()),
        figuresBetween(undefined, await right.snapshot()),
      ]),
    );
    const expected = distribution(await both.snapshot(), "clarify.cache_read_ms");
    const actual = distribution(merged, "clarify.cache_read_ms");
    if (expected === undefined || actual === undefined) throw new Error("Nothing was counted");
    for (const share of [0.5, 0.95, 0.99]) expect(quantile(actual, share)).toBe(quantile(expected, share));
  });

  it("count the worst state of a breaker; waiting invalidations add up over processes but not over time", () => {
    const process = (breaker: number, waiting: number) => ({ ...noFigures(), breaker, waiting });
    expect(acrossProcesses([process(0, 3), process(2, 4), process(1, 0)])).toMatchObject({ breaker: 2, waiting: 7 });
    expect(acrossTime([process(0, 3), process(2, 4), process(1, 0)])).toMatchObject({ breaker: 2, waiting: 4 });
  });

  it("are empty when nothing was counted and nothing is wrong", async () => {
    const one = start();
    record(one, [{ ms: 3, section: "user", outcome: "fresh" }]);
    const now = await one.snapshot();
    expect(isEmpty(figuresBetween(now, now))).toBe(true);
    expect(isEmpty(figuresBetween(undefined, now))).toBe(false);
    expect(isEmpty({ ...noFigures(), breaker: 2 })).toBe(false);
  });

  it("leave out metrics that no longer exist", () => {
    const old = {
      ...noFigures(),
      counters: { "clarify.gone?a=b": 7, "clarify.replies?voice=model&outcome=complete": 2 },
    };
    const snapshot = toSnapshot(old);
    expect(Object.keys(snapshot.values)).not.toContain("clarify.gone");
    expect(total(snapshot, "clarify.replies")).toBe(2);
  });
});
