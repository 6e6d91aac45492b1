import { describeError } from "@/components/trpc/errors";
import type { Failure } from "./turn";

const LOST = "The connection was lost. This goes on by itself once it is back.";
const TOO_FAST = "You are writing faster than we can listen.";

/** Why a reply failed, and what that means for another try. */
export function toFailure(error: unknown, now: number): Failure {
  const { code, message, retryAfterMs } = describeError(error);
  if (code === "OFFLINE") return { message: LOST, offline: true, retryAt: null };
  if (retryAfterMs !== null) return { message: TOO_FAST, offline: false, retryAt: now + retryAfterMs };
  return { message, offline: false, retryAt: null };
}

/** The stream ended in good order, and without the stored reply. */
export const CUT_SHORT: Failure = {
  message: "The reply ended before it was complete.",
  offline: false,
  retryAt: null,
};

/** A failure in one sentence or two, with the time to wait, where it is said once and does not tick. */
export function failureWords({ message, retryAt }: Failure, now: number): string {
  if (retryAt === null) return message;
  const seconds = Math.max(1, Math.ceil((retryAt - now) / 1_000));
  return `${message} Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`;
}
