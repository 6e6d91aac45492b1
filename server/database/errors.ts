import type { PostgrestSingleResponse } from "@supabase/supabase-js";

export type DatabaseErrorCode =
  | "not_found"
  | "conflict"
  | "invalid"
  | "forbidden"
  | "busy"
  | "unavailable"
  /** There was no answer in time. */
  | "timeout"
  /** The caller did not wait for the answer. */
  | "aborted";

/** A failure of the database's API, reduced to a code that callers act on. Never contains anything of a row. */
export class DatabaseError extends Error {
  override name = "DatabaseError";

  constructor(
    readonly code: DatabaseErrorCode,
    /** The SQLSTATE or PostgREST code, if the server sent one. */
    readonly sqlState: string | null = null,
    /** The HTTP status; 0 without an answer. */
    readonly status = 0,
  ) {
    super(`The database answered "${code}" (${sqlState ?? `HTTP ${status}`})`);
  }
}

/**
 * Use this instead of `instanceof`: a load that two bundles of Next.js share throws the class of one of them to both.
 */
export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && error.name === "DatabaseError";
}

/** A failed response of supabase-js. Its types promise every field, but an answer may lack some. */
interface Failure {
  status: number;
  error: { message?: unknown; code?: unknown; details?: unknown } | null;
}

/**
 * The data of a response.
 * @throws {DatabaseError} for every other outcome, also for an error status without a readable error.
 */
export function unwrap<Data>(response: PostgrestSingleResponse<Data>): Data {
  if (response.error === null && response.status >= 200 && response.status < 300) return response.data;
  throw toDatabaseError(response);
}

/** Whether an error is a timeout: the database's own, ours, or the cache's. */
export function isTimeout(error: unknown): boolean {
  if (isDatabaseError(error)) return error.code === "timeout";
  return error instanceof Error && (error.name === "AbortError" || error.name.endsWith("TimeoutError"));
}

/** The error of a failed response. */
export function toDatabaseError({ status, error }: Failure): DatabaseError {
  const sqlState = typeof error?.code === "string" && /^[A-Z0-9]{3,8}$/.test(error.code) ? error.code : null;
  return new DatabaseError(classify(status, sqlState, String(error?.message ?? "")), sqlState, status);
}

function classify(status: number, sqlState: string | null, message: string): DatabaseErrorCode {
  if (status === 0) return unanswered(message);
  if (status === 408 || status === 504 || sqlState === "57014") return "timeout";
  if (status === 401) return "forbidden";
  switch (sqlState) {
    // The answer is not from the database's API: a proxy's page or a load balancer's error.
    case null:
      return "unavailable";
    case "PGRST116":
    case "PT404":
    // The referenced row does not exist, or belongs to another person.
    case "23503":
      return "not_found";
    case "PT409":
    case "23505":
      return "conflict";
    case "PT429":
      return "busy";
    case "42501":
      return "forbidden";
    // The embedded server sends no status for a failed check.
    case "SUP":
      return message.includes("violates check constraint") ? "invalid" : "unavailable";
    default:
      return /^2[123]/.test(sqlState) || (status < 500 && sqlState.startsWith("PGRST1")) ? "invalid" : "unavailable";
  }
}

/** Why a call has no answer, by the name of the error that ended it. */
function unanswered(message: string): DatabaseErrorCode {
  if (/^\w*TimeoutError\b/.test(message)) return "timeout";
  return message.startsWith("AbortError") ? "aborted" : "unavailable";
}
