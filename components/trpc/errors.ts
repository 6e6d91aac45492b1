import { TRPCClientError } from "@trpc/client";
import { readDigest } from "@/components/ui/digest";
import type { Words } from "@/components/words/speech";
import { UNANSWERED } from "@/server/database/unanswered";
import type { AppRouter } from "@/server/router";

export type ErrorCode = NonNullable<TRPCClientError<AppRouter>["data"]>["code"] | "OFFLINE" | "UNKNOWN";

export interface DescribedError {
  code: ErrorCode;
  /** May be shown to a person. */
  message: string;
  /** Identifies the request in the server's log. */
  requestId: string | null;
  /** How long to wait before trying again, in milliseconds; null if waiting does not help. */
  retryAfterMs: number | null;
  /** The message without the time to wait. */
  reason: string;
}

/** What kind of error it is. */
export function codeOf(error: unknown): ErrorCode {
  if (!isTrpcClientError(error)) return ofPage(error)?.code ?? "UNKNOWN";
  if (error.cause?.name === "TimeoutError") return "TIMEOUT";
  return error.data?.code ?? "OFFLINE";
}

/** The message of an error in the page's language; if that has none for it, the server's own message. */
export function describeError(error: unknown, { failure }: Pick<Words, "failure">): DescribedError {
  const code = codeOf(error);
  const codes: Readonly<Record<string, string>> = failure.codes;
  const own = codes[code] || null;
  if (!isTrpcClientError(error) || !error.data) {
    const message = own ?? ofPage(error)?.message ?? failure.codes.UNKNOWN;
    return { code, message, requestId: null, retryAfterMs: null, reason: message };
  }
  const { requestId, retryAfterMs, reason } = error.data;
  return { code, message: own ?? error.message, requestId, retryAfterMs, reason: own ?? reason ?? error.message };
}

/** The error of a read that the server began for the page. */
function ofPage(error: unknown): (typeof UNANSWERED)[keyof typeof UNANSWERED] | undefined {
  const digest = readDigest(error);
  return Object.values(UNANSWERED).find((each) => each.digest === digest);
}

/**
 * The problems of an input's fields that the server found; empty if the error is not about fields. The message is the page's own if
 * its language has one, otherwise the server's.
 */
export function refusedFields(error: unknown, { problems }: Pick<Words, "problems">): Readonly<Record<string, string>> {
  const fields = isTrpcClientError(error) ? (error.data?.fields ?? {}) : {};
  return Object.fromEntries(Object.entries(fields).map(([field, problem]) => [field, problems.refused || problem]));
}

/**
 * Waits for a form to be saved. Resolves with null when it is saved, otherwise with the problems that the server found:
 * by field, or as `form` if they are not about single fields.
 */
export async function refusalOf(
  saving: Promise<unknown>,
  words: Words,
): Promise<Readonly<Record<string, string>> | null> {
  try {
    await saving;
    return null;
  } catch (error) {
    const fields = refusedFields(error, words);
    return Object.keys(fields).length > 0 ? fields : { form: describeError(error, words).message };
  }
}

function isTrpcClientError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}
