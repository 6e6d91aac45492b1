import type { CacheEvent, CacheObserver } from "@/server/cache";
import type { SectionName } from "@/server/clarify/sections";
import { SECTION_NAMES } from "@/server/clarify/sections";
import { sectionCacheName } from "@/server/context/section";
import type { Logger } from "@/server/telemetry/logger";
import { spanThatTook } from "@/server/telemetry/spans";
import type { Telemetry } from "@/server/telemetry/telemetry";
import type { AgeLabel, ContextMetrics, SectionLabel } from "./metrics";

export interface CacheObserverOptions {
  metrics: ContextMetrics;
  telemetry: Pick<Telemetry, "tracer" | "tracing">;
  logger: Logger;
}

/**
 * Turns the events of the cache engine into metrics, spans, and log lines for operators. Of a key only the section is
 * recorded, because the rest of it identifies a person.
 */
export function createCacheObserver({ metrics, telemetry, logger }: CacheObserverOptions): CacheObserver {
  return (event) => {
    switch (event.type) {
      case "read":
        metrics.cacheReads.add(1, { section: sectionOfKey(event.key), outcome: event.outcome });
        if (event.outcome !== "near") metrics.cacheReadMs.record(event.readMs);
        return;
      case "stored":
        metrics.cacheWriteMs.record(event.ms, { operation: event.operation });
        spanThatTook(
          telemetry,
          `cache ${event.operation}`,
          { keys: event.keys },
          { ms: event.ms, endedAt: Date.now() },
        );
        return;
      case "store-failed":
        metrics.cacheFailures.add(1, { operation: event.operation, code: event.code });
        logger.debug({ operation: event.operation, code: event.code, ms: event.ms }, "cache operation failed");
        return;
      case "checked": {
        const section = sectionOfKey(event.key);
        metrics.cacheChecks.add(1, { section });
        if (event.consistent) return;
        metrics.cacheInconsistencies.add(1, { section, age: ageLabel(event.ageMs) });
        logger.error({ section, ageMs: event.ageMs }, "a cache entry is not what the database holds");
        return;
      }
      case "value-changed":
        logger.warn({ section: sectionOfKey(event.key), path: event.path }, "a hit will differ from what was loaded");
        return;
      case "breaker":
        logger.warn({ state: event.state }, "cache breaker");
        return;
      case "feed-refused":
        logger.warn(
          { err: event.error },
          "Redis reports no invalidations, so nothing is kept in this process: is CLIENT TRACKING allowed?",
        );
        return;
      default:
        countIncident(event);
    }
  };

  type Incident = Exclude<
    CacheEvent,
    { type: "read" | "stored" | "store-failed" | "checked" | "value-changed" | "breaker" | "feed-refused" }
  >;

  function countIncident(event: Incident): void {
    switch (event.type) {
      case "load-failed": {
        const section = sectionOfKey(event.key);
        metrics.cacheIncidents.add(1, { kind: event.background ? "refresh_failed" : "load_failed" });
        logger.warn({ section, background: event.background, err: event.error }, "load failed");
        return;
      }
      case "fill-refused":
        metrics.cacheIncidents.add(1, { kind: "fill_refused" });
        return;
      case "corrupt":
        metrics.cacheIncidents.add(1, { kind: "corrupt" });
        logger.warn({ section: sectionOfKey(event.key) }, "cache entry not readable");
        return;
      case "not-serialisable":
        metrics.cacheIncidents.add(1, { kind: "not_serialisable" });
        logger.error({ section: sectionOfKey(event.key), err: event.error }, "value cannot be cached");
        return;
      case "invalidation-queued":
        metrics.cacheIncidents.add(event.keys, { kind: "invalidation_queued" });
        logger.warn({ keys: event.keys, waiting: event.waiting }, "invalidation waits for the cache");
        return;
      case "invalidation-recovered":
        logger.info({ keys: event.keys, waiting: event.waiting }, "invalidation reached the cache");
        return;
      case "invalidation-dropped":
        metrics.cacheIncidents.add(event.keys, { kind: "invalidation_dropped" });
        logger.error({ keys: event.keys }, "invalidations dropped: bounded by their TTL only");
        return;
      case "background-failed":
        metrics.cacheIncidents.add(1, { kind: "background_failed" });
        logger.error({ task: event.name, err: event.error }, "background task of the cache failed");
        return;
    }
  }
}

function ageLabel(ageMs: number): AgeLabel {
  if (ageMs < 10_000) return "under_10_s";
  return ageMs < 60_000 ? "under_1_min" : "over_1_min";
}

const SECTION_OF_NAME = new Map<string, SectionName>(SECTION_NAMES.map((name) => [sectionCacheName(name), name]));

/** The section that a cache key belongs to, as in `ctx:dreams:{userId}`. */
export function sectionOfKey(key: string): SectionLabel {
  const end = key.indexOf(":", key.indexOf(":") + 1);
  return SECTION_OF_NAME.get(key.slice(0, Math.max(end, 0))) ?? "other";
}
