import { TRPCClientError } from "@trpc/client";
import { readDigest } from "@/components/ui/digest";
import type { Words } from "@/components/words/speech";
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

/** What kind of error it is. */
export function codeOf(error: unknown): ErrorCode {
  if (!isTrpcError(error)) return ofPage(error)?.code ?? "UNKNOWN";
  if (error.cause?.name === "TimeoutError") return "TIMEOUT";
  return error.data?.code ?? "OFFLINE";
}

/** What went wrong, in the words of the page's language; where those have none for it, in the server's own. */
export function describeError(error: unknown, { failure }: Pick<Words, "failure">): DescribedError {
  const code = codeOf(error);
  const codes: Readonly<Record<string, string>> = failure.codes;
  const own = codes[code] || null;
  if (!isTrpcError(error) || !error.data) {
    const message = own ?? ofPage(error)?.message ?? failure.codes.UNKNOWN;
    return { code, message, requestId: null, retryAfterMs: null, reason: message };
  }
  const { requestId, retryAfterMs, reason } = error.data;
  return { code, message: own ?? error.message, requestId, retryAfterMs, reason: own ?? reason ?? error.message };
}

/** What a read that the server began for the page came to. */
function ofPage(error: unknown): (typeof UNANSWERED)[keyof typeof UNANSWERED] | undefined {
  const digest = readDigest(error);
  return Object.values(UNANSWERED).find((each) => each.digest === digest);
}

/** What the server found wrong with the fields of an input, by field; nothing when it was not about them. */
export function refusedFields(error: unknown): Readonly<Record<string, string>> {
  return isTrpcError(error) ? (error.data?.fields ?? {}) : {};
}

/**
 * Waits for a form to be saved. Resolves with null once it is, or with what the server found wrong: by field, or under
 * `form` when it was not about single fields.
 */
export async function refusalOf(
  saving: Promise<unknown>,
  words: Words,
): Promise<Readonly<Record<string, string>> | null> {
  try {
    await saving;
    return null;
  } catch (error) {
    const fields = refusedFields(error);
    return Object.keys(fields).length > 0 ? fields : { form: describeError(error, words).message };
  }
}

function isTrpcError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}
