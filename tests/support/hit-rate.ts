import { HIT_OUTCOMES } from "@/server/cache";
import type { Labels, MetricsSnapshot } from "@/server/telemetry/snapshot";
import { total } from "@/server/telemetry/snapshot";

/** The share of cache reads that were answered without waiting for the database; undefined before the first. */
export function hitRate(snapshot: MetricsSnapshot, labels: Labels = {}): number | undefined {
  const reads = total(snapshot, "clarify.cache_reads", labels);
  if (reads === 0) return undefined;
  const hits = HIT_OUTCOMES.map((outcome) => total(snapshot, "clarify.cache_reads", { ...labels, outcome }));
  return hits.reduce((sum, count) => sum + count, 0) / reads;
}
