import type { Meter } from "@opentelemetry/api";
import type { MetricDefinitions } from "@/server/telemetry/instruments";
import { instrumentsOf } from "@/server/telemetry/instruments";
import type { MailFailure } from "./mail-requests";

/** The sign-in. */
export const AUTH_METRICS = {
  "clarify.mail_failures": {
    kind: "counter",
    description: "Mails of the sign-in that the auth server did not send",
    unit: "{mail}",
    labels: ["reason"],
  },
} as const satisfies MetricDefinitions;

export type AuthMetrics = ReturnType<typeof createAuthMetrics>;

export function createAuthMetrics(meter: Meter) {
  const { counter } = instrumentsOf(meter, AUTH_METRICS);
  return { mailFailures: counter<Pick<MailFailure, "reason">>("clarify.mail_failures") };
}
