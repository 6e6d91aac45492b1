import { describe, expect, test } from "vitest";
import { freshness, resolvePolicy } from "@/server/cache/protocol/policy";

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
  test("keeps an entry for its life and the fail-safe time, an hour unless said otherwise", () => {
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
