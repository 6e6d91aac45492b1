import { TRPCClientError } from "@trpc/client";
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
}

const UNNAMED = { requestId: null, retryAfterMs: null };

/** What went wrong, in words; errors of the server bring their own. */
export function describeError(error: unknown): DescribedError {
  if (!isTrpcError(error)) return { ...UNNAMED, code: "UNKNOWN", message: "Something went wrong. Please try again." };
  if (error.data) {
    const { code, requestId, retryAfterMs } = error.data;
    return { code, message: error.message, requestId, retryAfterMs };
  }
  return { ...UNNAMED, code: "OFFLINE", message: "The connection was lost. Please try again." };
}

function isTrpcError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}
