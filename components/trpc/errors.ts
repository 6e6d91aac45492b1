import { TRPCClientError } from "@trpc/client";
import { readDigest } from "@/components/ui/digest";
import { UNANSWERED } from "@/server/database/unanswered";
import type { AppRouter } from "@/server/router";

export type ErrorCode = NonNullable<TRPCClientError<AppRouter>["data"]>["code"] | "OFFLINE" | "UNKNOWN";

export interface DescribedError {
  code: ErrorCode;
  /** Fit to show to a person. */
  message: string;
  /** Names the request to whoever looks into it. */
  requestId: string | null;
  /** How long to wait before trying again; null where that is not what is asked for. */
  retryAfterMs: number | null;
  /** The message without the time to wait. */
  reason: string;
}

/** What went wrong, in words; errors of the server bring their own. */
export function describeError(error: unknown): DescribedError {
  if (!isTrpcError(error)) return ofPage(error) ?? unnamed("UNKNOWN", "Something went wrong. Please try again.");
  if (error.cause?.name === "TimeoutError")
    return unnamed("TIMEOUT", "Clarify did not answer in time. Please try again.");
  if (!error.data) return unnamed("OFFLINE", "The connection was lost. Please try again.");
  const { code, requestId, retryAfterMs, reason } = error.data;
  return { code, message: error.message, requestId, retryAfterMs, reason: reason ?? error.message };
}

/** What a read that the server began for the page came to. */
function ofPage(error: unknown): DescribedError | undefined {
  const digest = readDigest(error);
  const known = Object.values(UNANSWERED).find((each) => each.digest === digest);
  return known && unnamed(known.code, known.message);
}

function unnamed(code: ErrorCode, message: string): DescribedError {
  return { code, message, requestId: null, retryAfterMs: null, reason: message };
}

/** What the server found wrong with the fields of an input, by field; nothing when it was not about them. */
export function refusedFields(error: unknown): Readonly<Record<string, string>> {
  return isTrpcError(error) ? (error.data?.fields ?? {}) : {};
}

/**
 * Waits for a form to be saved. Resolves with null once it is, or with what the server found wrong: by field, or under
 * `form` when it was not about single fields.
 */
export async function refusalOf(saving: Promise<unknown>): Promise<Readonly<Record<string, string>> | null> {
  try {
    await saving;
    return null;
  } catch (error) {
    const fields = refusedFields(error);
    return Object.keys(fields).length > 0 ? fields : { form: describeError(error).message };
  }
}

function isTrpcError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}
