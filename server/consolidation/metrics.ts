import type { Meter } from "@opentelemetry/api";
import type { JobState } from "@/server/jobs/job-store";
import type { MetricDefinitions } from "@/server/telemetry/instruments";
import { instrumentsOf } from "@/server/telemetry/instruments";

/** The consolidation of patterns. */
export const CONSOLIDATION_METRICS = {
  "clarify.consolidation_runs": {
    kind: "counter",
    description: "Runs of the consolidation by this process, by how they ended",
    unit: "{run}",
    labels: ["result"],
  },
  "clarify.consolidation_people": {
    kind: "counter",
    description: "People whose messages were read for patterns, by outcome",
    unit: "{person}",
    labels: ["outcome"],
  },
  "clarify.consolidation_succeeded_at": {
    kind: "gauge",
    description: "When a run of any process last succeeded, in seconds since 1970; 0 if none has",
    unit: "s",
    labels: [],
  },
  "clarify.consolidation_failed_at": {
    kind: "gauge",
    description: "When a run of any process last failed, in seconds since 1970; 0 if none has",
    unit: "s",
    labels: [],
  },
} as const satisfies MetricDefinitions;

export type ConsolidationMetrics = ReturnType<typeof createConsolidationMetrics>;

declare module "@/server/trpc/context" {
  interface Metrics extends ConsolidationMetrics {}
}

export function createConsolidationMetrics(meter: Meter) {
  const { counter, gauge } = instrumentsOf(meter, CONSOLIDATION_METRICS);
  const succeeded = gauge("clarify.consolidation_succeeded_at");
  const failed = gauge("clarify.consolidation_failed_at");
  const seconds = (at: number | null) => Math.floor((at ?? 0) / 1_000);
  return {
    consolidationRuns: counter<{ result: "succeeded" | "failed" }>("clarify.consolidation_runs"),
    consolidationPeople: counter<{ outcome: "consolidated" | "failed" | "skipped" }>("clarify.consolidation_people"),
    /** Reports when the last runs ended, whenever the metrics are collected. */
    observeConsolidation(state: () => JobState): void {
      meter.addBatchObservableCallback(
        (result) => {
          const { succeededAt, failedAt } = state();
          result.observe(succeeded, seconds(succeededAt));
          result.observe(failed, seconds(failedAt));
        },
        [succeeded, failed],
      );
    },
  };
}
