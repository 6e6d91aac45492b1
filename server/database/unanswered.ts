/** What a page gets when the database could not be read: a code, and a message for the person. */
export const UNANSWERED = {
  timeout: {
    code: "GATEWAY_TIMEOUT",
    message: "The database did not answer in time. Please try again.",
    digest: "database-timeout",
  },
  unavailable: {
    code: "SERVICE_UNAVAILABLE",
    message: "The database cannot be reached just now. Please try again.",
    digest: "database-unavailable",
  },
} as const;
