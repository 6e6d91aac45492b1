import { TRPCClientError } from "@trpc/client";
import type { AppRouter } from "@/server/router";
import { describeError } from "./describe-error";

/** What the server found wrong with the fields of an input, by field; nothing when it was not about them. */
export function refusedFields(error: unknown): Readonly<Record<string, string>> {
  return isTrpcError(error) ? (error.data?.fields ?? {}) : {};
}

/** What the server found wrong with a form: its fields, or all of it. */
export function refusedForm(error: unknown): Readonly<Record<string, string>> {
  const fields = refusedFields(error);
  return Object.keys(fields).length > 0 ? fields : { form: describeError(error).message };
}

function isTrpcError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}
