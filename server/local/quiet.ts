/**
 * Drops the embedded server's own output, for processes that run it; called before it starts. It prints every statement
 * that fails with its parameters, which contain what people wrote. The caller gets the failure anyway.
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
