import { TRPCClientError } from "@trpc/client";
import type { AppRouter } from "@/server/trpc/root";

export type ErrorCode = NonNullable<TRPCClientError<AppRouter>["data"]>["code"] | "OFFLINE" | "UNKNOWN";

export interface DescribedError {
  code: ErrorCode;
  /** Fit to show to a person. */
  message: string;
  /** Names the request to whoever looks into it. */
  requestId: string | null;
}

/** What went wrong, in words; errors of the server bring their own. */
export function describeError(error: unknown): DescribedError {
  if (!isTrpcError(error))
    return { code: "UNKNOWN", message: "Something went wrong. Please try again.", requestId: null };
  if (error.data) {
    return { code: error.data.code, message: error.message, requestId: error.data.requestId };
  }
  return { code: "OFFLINE", message: "The connection was lost. Please try again.", requestId: null };
}

function isTrpcError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}
