import type { Meter } from "@opentelemetry/api";
import { AUTH_METRICS, createAuthMetrics } from "./auth/metrics";
import { CONTEXT_METRICS, createContextMetrics } from "./clarify/metrics";
import { CONSOLIDATION_METRICS, createConsolidationMetrics } from "./consolidation/metrics";
import { createReplyMetrics, REPLY_METRICS } from "./conversation/metrics";
import { createWebhookMetrics, WEBHOOK_METRICS } from "./hooks/metrics";
import { createLimiterMetrics, LIMITER_METRICS } from "./limits/metrics";
import { createModelMetrics, MODEL_METRICS } from "./model/metrics";
import { createRedisMetrics, REDIS_METRICS } from "./redis";
import { createRetentionMetrics, RETENTION_METRICS } from "./retention/metrics";
import { createProcessMetrics, PROCESS_METRICS } from "./telemetry/process-metrics";

/** Every metric of the app. `/api/metrics`, OTLP, the dashboard, the alerts and the insights page use these. */
export const METRICS = {
  ...CONTEXT_METRICS,
  ...REDIS_METRICS,
  ...REPLY_METRICS,
  ...MODEL_METRICS,
  ...LIMITER_METRICS,
  ...WEBHOOK_METRICS,
  ...CONSOLIDATION_METRICS,
  ...RETENTION_METRICS,
  ...AUTH_METRICS,
  ...PROCESS_METRICS,
};

export type MetricName = keyof typeof METRICS;

/** All instruments of the app; created once per meter. */
export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics(meter: Meter) {
  return {
    ...createContextMetrics(meter),
    ...createRedisMetrics(meter),
    ...createReplyMetrics(meter),
    ...createModelMetrics(meter),
    ...createLimiterMetrics(meter),
    ...createWebhookMetrics(meter),
    ...createConsolidationMetrics(meter),
    ...createRetentionMetrics(meter),
    ...createAuthMetrics(meter),
    ...createProcessMetrics(meter),
  };
}
