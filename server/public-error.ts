import type { TRPCError } from "@trpc/server";

/** An error whose message is written for the person who asked: it reaches them as it is, under its code. */
export abstract class PublicError extends Error {
  abstract readonly code: TRPCError["code"];
  /** When trying again makes sense, in milliseconds from now; null where time alone does not help. */
  readonly retryAfterMs: number | null = null;
}
