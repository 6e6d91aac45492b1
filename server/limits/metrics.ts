import type { Meter } from "@opentelemetry/api";
import type { MetricDefinitions } from "@/server/telemetry/instruments";
import { instrumentsOf } from "@/server/telemetry/instruments";
import type { MessageLimiter } from "./message-limiter";

export const LIMITER_METRICS = {
  "clarify.limiter_decisions": {
    kind: "counter",
    description: "Decisions of the message limiter; on a failure the count of this process alone decided",
    unit: "{message}",
    labels: ["decision"],
  },
  "clarify.budget_decisions": {
    kind: "counter",
    description: "Whether a person had tokens of the day left when the model was about to be called",
    unit: "{call}",
    labels: ["decision"],
  },
} as const satisfies MetricDefinitions;

export type LimiterDecision = "admitted" | "refused" | "failed_timeout" | "failed_error";
export type LimiterMetrics = ReturnType<typeof createLimiterMetrics>;

export function createLimiterMetrics(meter: Meter) {
  const { counter } = instrumentsOf(meter, LIMITER_METRICS);
  return {
    limiterDecisions: counter<{ decision: LimiterDecision }>("clarify.limiter_decisions"),
    budgetDecisions: counter<{ decision: "admitted" | "refused" }>("clarify.budget_decisions"),
  };
}

/** Wraps a limiter and counts its decisions. */
export function countDecisions(
  limiter: MessageLimiter,
  { limiterDecisions }: Pick<LimiterMetrics, "limiterDecisions">,
): MessageLimiter {
  return {
    async take(userId, use) {
      const admission = await limiter.take(userId, use);
      const decision = admission.admitted ? (admission.failure ?? "admitted") : "refused";
      limiterDecisions.add(1, { decision });
      return admission;
    },
  };
}
