import { errors } from "@upstash/redis";
import { StoreError } from "../errors";

/** Any error of the client, reduced to its code. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof errors.UpstashError) return new StoreError("error-reply");
  // What the client made of an answer that is no answer to its command.
  return new StoreError(error instanceof TypeError ? "protocol" : "unknown");
}

/** The server's error answer to a single command; anything else is thrown on. It is for comparing only: it may end in the command. */
export function errorReply(error: unknown): string {
  if (error instanceof errors.UpstashError) return error.message;
  throw toStoreError(error);
}
