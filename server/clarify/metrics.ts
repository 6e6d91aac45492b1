import type { BatchObservableCallback, Meter } from "@opentelemetry/api";
import type { CacheHealth, ReadOutcome, StoreErrorCode, StoreOperation, WriteOperation } from "@/server/cache";
import { HIT_OUTCOMES } from "@/server/cache";
import type { SectionName } from "@/server/clarify/sections";
import type { MetricDefinitions } from "@/server/telemetry/instruments";
import { instrumentsOf } from "@/server/telemetry/instruments";

/** Bucket boundaries of one request to the cache, in milliseconds. Its targets are 10 and 20; it is aborted at 50. */
const CACHE_BUCKETS = [0.25, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12.5, 15, 17.5, 20, 25, 30, 40, 50, 75, 100, 250, 500];
/**
 * Bucket boundaries of a build and its queries, in milliseconds. Their targets are 80 and 100; a load is aborted after
 * 2 s.
 */
const BUILD_BUCKETS = [
  0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 125, 150, 200, 300, 500, 1_000, 2_000,
  5_000,
];

/** The context and the cache under it. */
export const CONTEXT_METRICS = {
  "clarify.context_build_ms": {
    kind: "histogram",
    description: "Building a context, from the first read to the assembled text",
    unit: "ms",
    labels: ["temperature"],
    buckets: BUILD_BUCKETS,
  },
  "clarify.query_parallel_ms": {
    kind: "histogram",
    description: "How long a build with missing sections waited for the database, for all sections together",
    unit: "ms",
    labels: [],
    buckets: BUILD_BUCKETS,
  },
  "clarify.cache_read_ms": {
    kind: "histogram",
    description: "How long the cache took to answer one read",
    unit: "ms",
    labels: [],
    buckets: CACHE_BUCKETS,
  },
  "clarify.cache_write_ms": {
    kind: "histogram",
    description: "How long the cache took to fill, fence, release or invalidate",
    unit: "ms",
    labels: ["operation"],
    buckets: CACHE_BUCKETS,
  },
  "clarify.cache_reads": {
    kind: "counter",
    description: "Reads through the cache, by section and by the source of the value",
    unit: "{read}",
    labels: ["section", "outcome"],
  },
  "clarify.section_load_ms": {
    kind: "histogram",
    description: "Loading one section from the database",
    unit: "ms",
    labels: ["section", "result"],
    buckets: BUILD_BUCKETS,
  },
  "clarify.cache_failures": {
    kind: "counter",
    description: "Cache operations that failed; their requests went on without them",
    unit: "{operation}",
    labels: ["operation", "code"],
  },
  "clarify.cache_incidents": {
    kind: "counter",
    description: "Other incidents in the cache engine",
    unit: "{incident}",
    labels: ["kind"],
  },
  "clarify.cache_checks": {
    kind: "counter",
    description: "Served entries that were compared with the database in the background",
    unit: "{check}",
    labels: ["section"],
  },
  "clarify.cache_inconsistencies": {
    kind: "counter",
    description: "Served entries that differed from the database, without a write in between",
    unit: "{entry}",
    labels: ["section", "age"],
  },
  "clarify.breaker_state": {
    kind: "gauge",
    description: "The breaker in front of the cache: 0 closed, 1 half-open, 2 open",
    unit: "1",
    labels: [],
  },
  "clarify.cache_near_bytes": {
    kind: "gauge",
    description: "Entries that can be served from this process, without asking Redis",
    unit: "By",
    labels: [],
  },
  "clarify.invalidations_waiting": {
    kind: "gauge",
    description: "Keys whose invalidation has not reached the cache yet",
    unit: "{key}",
    labels: [],
  },
} as const satisfies MetricDefinitions;

/** `other`: a cached value outside the five sections. */
export type SectionLabel = SectionName | "other";
/** `missing`: neither the database nor the cache had the section. */
export type OutcomeLabel = ReadOutcome | "missing";
/** `warm`: every section of the context was a hit. */
export type TemperatureLabel = "warm" | "cold";
/** How old an entry was when it was served. */
export type AgeLabel = "under_10_s" | "under_1_min" | "over_1_min";
export type CacheIncident =
  | "load_failed"
  | "refresh_failed"
  | "fill_refused"
  | "corrupt"
  | "not_serialisable"
  | "invalidation_queued"
  | "invalidation_dropped"
  | "background_failed";

const HITS: ReadonlySet<string> = new Set(HIT_OUTCOMES);

export function temperatureOf({ sections }: { sections: readonly { source: string }[] }): TemperatureLabel {
  return sections.every(({ source }) => HITS.has(source)) ? "warm" : "cold";
}

/** The numbers that encode the states of the breaker. */
export const BREAKER_STATES = { closed: 0, "half-open": 1, open: 2 } as const;

export type ContextMetrics = ReturnType<typeof createContextMetrics>;

declare module "@/server/trpc/context" {
  interface Metrics extends ContextMetrics {}
}

export function createContextMetrics(meter: Meter) {
  const { histogram, counter, cheapCounter, gauge } = instrumentsOf(meter, CONTEXT_METRICS);
  const breaker = gauge("clarify.breaker_state");
  const waiting = gauge("clarify.invalidations_waiting");
  const nearBytes = gauge("clarify.cache_near_bytes");
  return {
    contextBuildMs: histogram<{ temperature: TemperatureLabel }>("clarify.context_build_ms"),
    queryParallelMs: histogram<Record<never, never>>("clarify.query_parallel_ms"),
    cacheReadMs: histogram<Record<never, never>>("clarify.cache_read_ms"),
    cacheWriteMs: histogram<{ operation: WriteOperation }>("clarify.cache_write_ms"),
    cacheReads: cheapCounter<{ section: SectionLabel; outcome: OutcomeLabel }>("clarify.cache_reads"),
    sectionLoadMs: histogram<{ section: SectionName; result: "loaded" | "failed" }>("clarify.section_load_ms"),
    cacheFailures: counter<{ operation: StoreOperation; code: StoreErrorCode }>("clarify.cache_failures"),
    cacheIncidents: counter<{ kind: CacheIncident }>("clarify.cache_incidents"),
    cacheChecks: counter<{ section: SectionLabel }>("clarify.cache_checks"),
    cacheInconsistencies: counter<{ section: SectionLabel; age: AgeLabel }>("clarify.cache_inconsistencies"),
    /** Reports this cache's breaker, its waiting invalidations and what it keeps near, whenever the metrics are collected. */
    observeCache(health: () => CacheHealth): void {
      const report: BatchObservableCallback = (result) => {
        const { breaker: state, near, waitingInvalidations } = health();
        result.observe(breaker, BREAKER_STATES[state]);
        result.observe(waiting, waitingInvalidations);
        result.observe(nearBytes, near?.isLive ? near.bytes : 0);
      };
      meter.addBatchObservableCallback(report, [breaker, waiting, nearBytes]);
    },
  };
}
