import type { TRPCError } from "@trpc/server";

/** A mark that exists once, while the class exists once in each of Next.js's bundles. */
const PUBLIC = Symbol.for("clarify.PublicError");

/** An error whose message is written for the person: it reaches them unchanged, under its code. */
export abstract class PublicError extends Error {
  readonly [PUBLIC] = true;
  abstract readonly code: TRPCError["code"];
  /** The message without the time to wait, for a page that shows a countdown. */
  readonly reason: string;

  /** `retryAfterMs`: when trying again makes sense, in milliseconds from now; null if time alone does not help. */
  constructor(
    reason: string,
    readonly retryAfterMs: number | null = null,
    options?: ErrorOptions,
  ) {
    super(retryAfterMs === null ? reason : `${reason} Please wait ${waitWords(retryAfterMs)}.`, options);
    this.reason = reason;
  }
}

/** Use this instead of `instanceof`, which knows only the class of its own bundle. */
export function isPublicError(error: unknown): error is PublicError {
  return error instanceof Error && PUBLIC in error;
}

/** A time to wait in words, rounded up. */
export function waitWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  if (seconds === 1) return "a second";
  if (seconds < 100) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
