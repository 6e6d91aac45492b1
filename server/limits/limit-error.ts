import { PublicError } from "@/server/public-error";

/** The person has reached a limit. */
export class LimitError extends PublicError {
  override name = "LimitError";
  readonly code = "TOO_MANY_REQUESTS";
}

/** `retryAfterMs` is when they may go on, in milliseconds from now. */
export function tooManyMessages(retryAfterMs: number): LimitError {
  return new LimitError("You are writing faster than we can listen.", retryAfterMs);
}

export function tooManyFollowers(): LimitError {
  return new LimitError("Your conversations are open in too many places at once. Please close some of them.");
}

export function tooManyReplies(): LimitError {
  return new LimitError("Two replies are being written for you already. Please wait for one of them to end.");
}
