/** What decides who is an operator. */
export interface OperatorSettings {
  OPERATOR_IDS: readonly string[];
  DEMO_EMAIL?: string | undefined;
  NODE_ENV: "development" | "production" | "test";
  EMBEDDED_STACK: "on" | "off";
}

/**
 * Whether a signed-in person may see the insights, the metrics and the panel: their id is in `OPERATOR_IDS`. An
 * address would prove nothing, because whoever signs up with it need not own it. Where none is named, the demo account is
 * the operator, but only in development and on the embedded stack, because anybody may continue as it.
 */
export function isOperator(user: { id: string; email: string } | null, settings: OperatorSettings): boolean {
  if (user === null) return false;
  const { OPERATOR_IDS: named, DEMO_EMAIL: demo, NODE_ENV: mode, EMBEDDED_STACK: embedded } = settings;
  if (named.length > 0) return named.includes(user.id);
  return (mode === "development" || embedded === "on") && user.email === demo;
}
