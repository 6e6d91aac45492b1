import { describe, expect, test } from "vitest";
import type { CachePolicy, Duration } from "@/server/cache";
import { definePolicy, freshness, resolvePolicy } from "@/server/cache/protocol/policy";

describe("freshness", () => {
  const rules = resolvePolicy({ ttlMs: 1_000, version: 1 });

  test.each([
    [0, "fresh"],
    [799, "fresh"],
    [800, "aging"],
    [999, "aging"],
    [1_000, "expired"],
    [1_000_000, "expired"],
  ] as const)("at %i of 1000 ms: %s", (ageMs, expected) => {
    expect(freshness(ageMs, rules)).toBe(expected);
  });

  test.each([
    [0, 999, "fresh"],
    [1, 0, "aging"],
    [0.5, 499, "fresh"],
    [0.5, 500, "aging"],
  ] as const)("refreshing ahead in the last %d: at %i of 1000 ms %s", (refreshAheadFraction, ageMs, expected) => {
    expect(freshness(ageMs, resolvePolicy({ ttlMs: 1_000, version: 1, refreshAheadFraction }))).toBe(expected);
  });
});

describe("resolvePolicy", () => {
  test("keeps an entry for its life and the fail-safe time, an hour by default", () => {
    expect(resolvePolicy({ ttlMs: 1_000, version: 1 }).keepMs).toBe(3_601_000);
    expect(resolvePolicy({ ttlMs: 1_000, version: 1, failSafeMs: 0 }).keepMs).toBe(1_000);
  });

  test("has leases outlive the longest load", () => {
    for (const loadHardTimeoutMs of [undefined, 100, 60_000]) {
      const rules = resolvePolicy({ ttlMs: 1, version: 1, ...(loadHardTimeoutMs && { loadHardTimeoutMs }) });
      expect(rules.leaseMs).toBeGreaterThan(rules.hardTimeoutMs);
    }
  });
});

describe("a policy", () => {
  test.each<[Duration, number]>([
    ["250ms", 250],
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["1.5s", 1_500],
    [42, 42],
  ])("of %s is one of %i ms", (duration, ms) => {
    const policy = definePolicy({ ttl: duration, version: 0, failSafe: duration, loadHardTimeout: duration });
    expect(policy).toEqual({ ttlMs: ms, version: 0, failSafeMs: ms, loadHardTimeoutMs: ms });
  });

  test.each<[CachePolicy, RegExp]>([
    [{ ttlMs: 1, version: 1.5 }, /version is a natural number, not 1.5/],
    [{ ttlMs: 1, version: -1 }, /version is a natural number, not -1/],
    [{ ttlMs: Number.NaN, version: 1 }, /ttlMs is a number of milliseconds above 0, not NaN/],
    [{ ttlMs: 0, version: 1 }, /ttlMs .* not 0/],
    [{ ttlMs: 1, version: 1, refreshAheadFraction: 2 }, /between 0 and 1, not 2/],
    [{ ttlMs: 1, version: 1, failSafeMs: -5 }, /failSafeMs .* not -5/],
    [{ ttlMs: 1, version: 1, loadHardTimeoutMs: Number.POSITIVE_INFINITY }, /loadHardTimeoutMs .* not Infinity/],
  ])("of %j is refused with a sentence", (policy, sentence) => {
    expect(() => resolvePolicy(policy)).toThrow(sentence);
  });

  test("is refused when it is made with an invalid duration", () => {
    expect(() => definePolicy({ ttl: JSON.parse('"5 minutes"'), version: 1 })).toThrow(
      /as in .*"5m".* not "5 minutes"/,
    );
    // @ts-expect-error
    expect(() => definePolicy({ ttl: "5d", version: 1 })).toThrow(TypeError);
  });
});
