import { describe, expect, it } from "vitest";
import type { CacheEvent } from "@/server/cache";
import { createCacheObserver, sectionOfKey } from "@/server/clarify/cache-observer";
import { createContextMetrics } from "@/server/clarify/metrics";
import { createLogger } from "@/server/telemetry/logger";
import { distribution, total } from "@/server/telemetry/snapshot";
import { createTelemetry } from "@/server/telemetry/telemetry";

const USER = "7f0c1c1e-0000-4000-8000-000000000001";
const key = `ctx:dreams:${USER}`;

/** One event of every kind; a new kind does not compile until it is here. */
const EVENTS: { [Type in CacheEvent["type"]]: Extract<CacheEvent, { type: Type }> } = {
  read: { type: "read", key, outcome: "fresh", ageMs: 10, readMs: 4, loadMs: undefined },
  "load-failed": { type: "load-failed", key, background: false, error: new Error(USER) },
  stored: { type: "stored", operation: "fill", keys: 1, ms: 6 },
  "store-failed": { type: "store-failed", operation: "read", code: "timeout", ms: 50 },
  "fill-refused": { type: "fill-refused", key },
  corrupt: { type: "corrupt", key },
  "not-serialisable": { type: "not-serialisable", key, error: new Error(USER) },
  "value-changed": { type: "value-changed", key, path: "value.rows[0].owner" },
  checked: { type: "checked", key, consistent: false, ageMs: 12_000 },
  breaker: { type: "breaker", state: "open" },
  "feed-refused": { type: "feed-refused", error: new Error("NOPERM") },
  "invalidation-queued": { type: "invalidation-queued", keys: 2, waiting: 2 },
  "invalidation-recovered": { type: "invalidation-recovered", keys: 2, waiting: 0 },
  "invalidation-dropped": { type: "invalidation-dropped", keys: 3 },
  "background-failed": { type: "background-failed", name: "fill", error: new Error(USER) },
};

function observeAll() {
  const lines: string[] = [];
  const telemetry = createTelemetry({ metricReaders: [], spanProcessors: [] });
  const observer = createCacheObserver({
    metrics: createContextMetrics(telemetry.meter),
    telemetry,
    logger: createLogger("trace", { destination: { write: (line) => lines.push(line) } }),
  });
  for (const event of Object.values(EVENTS)) observer(event);
  return { telemetry, lines };
}

describe("the cache's observer", () => {
  it("counts the events", async () => {
    const snapshot = await observeAll().telemetry.snapshot();
    expect(total(snapshot, "clarify.cache_reads", { section: "dreams", outcome: "fresh" })).toBe(1);
    expect(distribution(snapshot, "clarify.cache_read_ms")).toMatchObject({ count: 1, sum: 4 });
    expect(distribution(snapshot, "clarify.cache_write_ms", { operation: "fill" })).toMatchObject({ count: 1, sum: 6 });
    expect(total(snapshot, "clarify.cache_failures", { operation: "read", code: "timeout" })).toBe(1);
    expect(total(snapshot, "clarify.cache_checks", { section: "dreams" })).toBe(1);
    const inconsistent = { section: "dreams", age: "under_1_min" };
    expect(total(snapshot, "clarify.cache_inconsistencies", inconsistent)).toBe(1);
    const incidents = (kind: string) => total(snapshot, "clarify.cache_incidents", { kind });
    for (const kind of ["load_failed", "fill_refused", "corrupt", "not_serialisable", "background_failed"]) {
      expect(incidents(kind), kind).toBe(1);
    }
    expect(incidents("invalidation_queued")).toBe(2);
    expect(incidents("invalidation_dropped")).toBe(3);
  });

  it("logs what an operator needs, and never whose entry it was", () => {
    const { lines } = observeAll();
    const messages = lines.map((line) => JSON.parse(line).msg);
    expect(messages).toEqual([
      "load failed",
      "cache operation failed",
      "cache entry not readable",
      "value cannot be cached",
      "a hit will differ from what was loaded",
      "a cache entry is not what the database holds",
      "cache breaker",
      "Redis reports no invalidations, so nothing is kept in this process: is CLIENT TRACKING allowed?",
      "invalidation waits for the cache",
      "invalidation reached the cache",
      "invalidations dropped: bounded by their TTL only",
      "background task of the cache failed",
    ]);
    expect(lines.join()).not.toContain(USER);
  });
});

describe("sectionOfKey", () => {
  it.each([
    ["ctx:dreams:1", "dreams"],
    ["ctx:user:1:a", "user"],
    ["ctx:dreams", "other"],
    ["ctx:dreams!", "other"],
    ["ctx:nothing:1", "other"],
    ["prewarm:1:2", "other"],
    ["dreams", "other"],
    ["", "other"],
  ])("of %o is %s", (given, section) => {
    expect(sectionOfKey(given)).toBe(section);
  });
});
