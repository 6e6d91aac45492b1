/**
 * The embedded server prints every statement that fails, parameters included: what people wrote. Failures reach the
 * caller anyway, so those prints are dropped. For processes that run the server, before it starts.
 */
export function keepContentOutOfLogs(): void {
  const print = console.error;
  console.error = (...values: unknown[]) => {
    if (!values.some(isFailedStatement)) print(...values);
  };
}

function isFailedStatement(value: unknown): boolean {
  return typeof value === "object" && value !== null && "query" in value && "severity" in value;
}
