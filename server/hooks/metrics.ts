import type { Meter } from "@opentelemetry/api";
import type { MetricDefinitions } from "@/server/telemetry/instruments";
import { instrumentsOf } from "@/server/telemetry/instruments";

export const WEBHOOK_METRICS = {
  "clarify.webhook_events": {
    kind: "counter",
    description: "Calls of the database webhook",
    unit: "{event}",
    labels: ["outcome"],
  },
} as const satisfies MetricDefinitions;

export type WebhookOutcome = "accepted" | "malformed" | "unauthorized" | "too_large" | "not_configured" | "failed";
export type WebhookMetrics = ReturnType<typeof createWebhookMetrics>;

export function createWebhookMetrics(meter: Meter) {
  const { counter } = instrumentsOf(meter, WEBHOOK_METRICS);
  return { webhookEvents: counter<{ outcome: WebhookOutcome }>("clarify.webhook_events") };
}

const OUTCOMES: Record<number, WebhookOutcome> = {
  200: "accepted",
  400: "malformed",
  401: "unauthorized",
  413: "too_large",
  503: "not_configured",
};

/** Counts a call of the database webhook by how it was answered. */
export function countWebhook({ webhookEvents }: WebhookMetrics, response: Response): Response {
  webhookEvents.add(1, { outcome: OUTCOMES[response.status] ?? "failed" });
  return response;
}
