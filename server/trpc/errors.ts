import type { PostgrestSingleResponse } from "@supabase/supabase-js";
import { TRPCError } from "@trpc/server";
import type { DatabaseErrorCode } from "@/server/database/errors";
import { isDatabaseError, isTimeout, unwrap } from "@/server/database/errors";
import { UNANSWERED } from "@/server/database/unanswered";
import { isPublicError } from "@/server/public-error";

interface PublicWords {
  code: TRPCError["code"];
  message: string;
  /** The only part of an error in a page that Next.js passes on to the browser. */
  digest?: string;
}

const PUBLIC_ERRORS: Record<DatabaseErrorCode, PublicWords> = {
  not_found: { code: "NOT_FOUND", message: "This does not exist, or it is not yours." },
  conflict: { code: "CONFLICT", message: "This was already saved with different text." },
  invalid: { code: "BAD_REQUEST", message: "This can't be saved as it is. Please check what you entered." },
  forbidden: { code: "FORBIDDEN", message: "You're not allowed to do this." },
  busy: {
    code: "TOO_MANY_REQUESTS",
    message: "The previous reply is still being written. Please wait until it's done.",
  },
  aborted: { code: "CLIENT_CLOSED_REQUEST", message: "The request was cancelled." },
  ...UNANSWERED,
};

/** The message of NOT_FOUND, by what could not be found. */
export const NOT_FOUND = {
  session: "This conversation does not exist, or it is not yours.",
  dream: "This dream does not exist, or it is not yours.",
  reflection: "This reflection does not exist, or it is not yours.",
  pattern: "This pattern does not exist, or it is not yours.",
  account: "This account has been removed.",
  binItem: "This is no longer among what you removed.",
} as const;

const INTERNAL_MESSAGE = "Something went wrong on our side. Please try again.";

/** Converts any thrown value to an error for the person, without internals. */
export function toPublicError(error: unknown): TRPCError {
  if (isTrpcError(error) && error.code !== "INTERNAL_SERVER_ERROR") return error;
  const cause = isTrpcError(error) ? error.cause : error;
  if (isPublicError(cause)) return new TRPCError({ code: cause.code, message: cause.message, cause });
  if (isTimeout(cause)) return withWords(PUBLIC_ERRORS.timeout, cause);
  if (isDatabaseError(cause)) return withWords(PUBLIC_ERRORS[cause.code], cause);
  if (isTrpcError(error)) return error;
  return new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: INTERNAL_MESSAGE, cause: error });
}

/** Compares names as tRPC itself does, because each bundle of Next.js has a class of its own. */
function isTrpcError(error: unknown): error is TRPCError {
  return error instanceof Error && error.name === "TRPCError";
}

function withWords({ digest, ...words }: PublicWords, cause: unknown): TRPCError {
  const error = new TRPCError({ ...words, cause });
  return digest === undefined ? error : Object.assign(error, { digest });
}

/**
 * The data of a response, with a given message when the row is not found.
 * @throws {TRPCError} NOT_FOUND with that message; {DatabaseError} for every other error.
 */
export function unwrapFound<Data>(response: PostgrestSingleResponse<Data>, message: string): Data {
  try {
    return unwrap(response);
  } catch (error) {
    throw isDatabaseError(error) && error.code === "not_found" ? notFound(message, error) : error;
  }
}

/**
 * The value of the promise, with a given message when a row is not found.
 * @throws {TRPCError} NOT_FOUND with that message; every other error unchanged.
 */
export async function orNotFound<T>(promise: Promise<T>, message: string): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw isDatabaseError(error) && error.code === "not_found" ? notFound(message, error) : error;
  }
}

/** A NOT_FOUND error with the given message. */
export function notFound(message: string, cause: unknown): TRPCError {
  return new TRPCError({ code: "NOT_FOUND", message, cause });
}

/** The message of an error for the client. Internal errors get a general one. */
export function publicMessage(error: TRPCError): string {
  return error.code === "INTERNAL_SERVER_ERROR" ? INTERNAL_MESSAGE : error.message;
}

/** How long to wait before trying again, in milliseconds; null if waiting does not help. */
export function retryAfterMs({ cause }: TRPCError): number | null {
  return isPublicError(cause) ? cause.retryAfterMs : null;
}

/** The message without the time to wait; null if it contains none. */
export function reasonToWait({ cause }: TRPCError): string | null {
  return isPublicError(cause) && cause.retryAfterMs !== null ? cause.reason : null;
}
