import type { MetricName } from "@/server/metrics";

/** The durations on the insights page, by the metric that records them. */
export const DURATIONS = {
  contextBuild: "clarify.context_build_ms",
  queryParallel: "clarify.query_parallel_ms",
  cacheRead: "clarify.cache_read_ms",
  cacheWrite: "clarify.cache_write_ms",
  preModel: "clarify.pre_model_ms",
  firstToken: "clarify.first_token_ms",
} as const satisfies Record<string, MetricName>;

export type DurationName = keyof typeof DURATIONS;

export const DURATION_NAMES = [
  "contextBuild",
  "queryParallel",
  "cacheRead",
  "cacheWrite",
  "preModel",
  "firstToken",
] as const satisfies DurationName[];

/** The targets of the 95th percentiles, in milliseconds. */
export const P95_TARGETS_MS = {
  contextBuild: 100,
  queryParallel: 80,
  cacheRead: 10,
  cacheWrite: 20,
} as const satisfies Partial<Record<DurationName, number>>;

/** The fewest observations for a verdict. With fewer, chance decides more than the system. */
export const OBSERVATIONS_FOR_VERDICT = 20;

/** Whether a target holds. */
export type Verdict = "met" | "missed" | "early";

export function verdictOf(observations: number, met: boolean): Verdict {
  if (observations < OBSERVATIONS_FOR_VERDICT) return "early";
  return met ? "met" : "missed";
}

/** The share of section reads that must find their section in the cache, after warm-up. */
export const HIT_RATE_TARGET = 0.8;
