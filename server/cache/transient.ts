/** HTTP statuses between 400 and 499 that may pass: a timeout, too early, too many requests. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);

/** Codes that tRPC and many APIs use for a refusal. */
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
 * Whether an error may pass by itself, as an outage does. A refusal does not pass: an HTTP status of 4xx in `status`,
 * or one of tRPC's refusal codes in `code` (in any case), of the error itself or of its cause.
 */
export function isPassing(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return true;
  if ("status" in error && typeof error.status === "number" && error.status >= 400 && error.status < 500) {
    return PASSING_STATUSES.has(error.status);
  }
  if ("code" in error && typeof error.code === "string" && REFUSALS.has(error.code.toUpperCase())) return false;
  return "cause" in error && error.cause !== error ? isPassing(error.cause) : true;
}
