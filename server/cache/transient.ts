/** HTTP statuses between 400 and 499 that pass: a timeout, too early, too many. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);

/** What tRPC and many an API call a refusal. */
const REFUSALS: ReadonlySet<string> = new Set([
  "BAD_REQUEST",
  "UNAUTHORIZED",
  "PAYMENT_REQUIRED",
  "FORBIDDEN",
  "NOT_FOUND",
  "CONFLICT",
  "PRECONDITION_FAILED",
  "UNPROCESSABLE_CONTENT",
]);

/**
 * Whether an error may pass by itself, as an outage does. One that says that it is a refusal may not: by an HTTP status of
 * 4xx in `status`, or by a `code` as tRPC has them (in any case), its own or its cause's.
 */
export function isPassing(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return true;
  if ("status" in error && typeof error.status === "number" && error.status >= 400 && error.status < 500) {
    return PASSING_STATUSES.has(error.status);
  }
  if ("code" in error && typeof error.code === "string" && REFUSALS.has(error.code.toUpperCase())) return false;
  return "cause" in error && error.cause !== error ? isPassing(error.cause) : true;
}
