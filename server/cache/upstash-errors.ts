import { errors } from "@upstash/redis";
import { StoreError } from "./errors";

/** Any error of the client, reduced to its code. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof errors.UpstashJSONParseError) return new StoreError("protocol");
  if (error instanceof errors.UpstashError) return new StoreError("error-reply");
  if (!(error instanceof Error)) return new StoreError("unknown");
  if (error.name === "TimeoutError" || error.name === "AbortError") return new StoreError("timeout");
  // `fetch` reports what happened to the connection as the cause of a TypeError; one without is from reading the answer.
  if (error instanceof TypeError || error instanceof SyntaxError) {
    return new StoreError(error.cause === undefined ? "protocol" : "refused");
  }
  return new StoreError("unknown");
}

/** The server's error answer to a single command; anything else is thrown on. It is for comparing only: it ends in the command. */
export function errorReply(error: unknown): string {
  if (error instanceof errors.UpstashError && !(error instanceof errors.UpstashJSONParseError)) return error.message;
  throw toStoreError(error);
}
