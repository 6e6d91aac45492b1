import type { Env } from "@/server/env";

/** What decides who is an operator. */
export type OperatorSettings = Pick<Env, "OPERATOR_EMAILS" | "DEMO_EMAIL" | "NODE_ENV" | "EMBEDDED_STACK">;

/**
 * Whether a signed-in person may see the insights, the metrics and the panel: their address is in `OPERATOR_EMAILS`.
 * Where none is named, the demo account is the operator, but only in development and on the embedded stack: anybody may
 * continue as it.
 */
export function isOperator(user: { email: string } | null, settings: OperatorSettings): boolean {
  if (user === null) return false;
  const { OPERATOR_EMAILS: named, DEMO_EMAIL: demo, NODE_ENV: mode, EMBEDDED_STACK: embedded } = settings;
  const email = user.email.toLowerCase();
  if (named.length > 0) return named.includes(email);
  return (mode === "development" || embedded === "on") && email === demo?.toLowerCase();
}
