import { TRPCClientError } from "@trpc/client";
import type { AppRouter } from "@/server/trpc/root";

/** What the server found wrong with the fields of an input, by field; nothing when it was not about them. */
export function refusedFields(error: unknown): Readonly<Record<string, string>> {
  return isTrpcError(error) ? (error.data?.fields ?? {}) : {};
}

function isTrpcError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}
