import type { Meter } from "@opentelemetry/api";
import type { MetricDefinitions } from "@/server/telemetry/instruments";
import { instrumentsOf } from "@/server/telemetry/instruments";

/** The removal of old conversations. */
export const RETENTION_METRICS = {
  "clarify.retention_runs": {
    kind: "counter",
    description: "Runs of the removal of old conversations by this process, by how they ended",
    unit: "{run}",
    labels: ["result"],
  },
  "clarify.retention_conversations": {
    kind: "counter",
    description:
      "Conversations that were removed because they were older than RETENTION_DAYS, or nothing was said in them for a day",
    unit: "{conversation}",
    labels: [],
  },
} as const satisfies MetricDefinitions;

export type RetentionMetrics = ReturnType<typeof createRetentionMetrics>;

declare module "@/server/trpc/context" {
  interface Metrics extends RetentionMetrics {}
}

export function createRetentionMetrics(meter: Meter) {
  const { counter } = instrumentsOf(meter, RETENTION_METRICS);
  return {
    retentionRuns: counter<{ result: "succeeded" | "failed" }>("clarify.retention_runs"),
    retentionConversations: counter("clarify.retention_conversations"),
  };
}
