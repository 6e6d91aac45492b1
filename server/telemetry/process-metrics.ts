import type { Meter } from "@opentelemetry/api";
import type { MetricDefinitions } from "./instruments";
import { instrumentsOf } from "./instruments";

/** The process itself. */
export const PROCESS_METRICS = {
  "clarify.process_starts": {
    kind: "counter",
    description: "Processes that started; each counts itself once",
    unit: "{process}",
    labels: [],
  },
} as const satisfies MetricDefinitions;

export function createProcessMetrics(meter: Meter) {
  return { processStarts: instrumentsOf(meter, PROCESS_METRICS).counter("clarify.process_starts") };
}
