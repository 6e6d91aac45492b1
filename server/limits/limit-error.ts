import { PublicError } from "@/server/public-error";

/** The person has reached a limit. */
export class LimitError extends PublicError {
  override name = "LimitError";
  readonly code = "TOO_MANY_REQUESTS";
}

/** `retryAfterMs`: when they may send again, in milliseconds from now. */
export function tooManyMessages(retryAfterMs: number): LimitError {
  return new LimitError("You're sending messages too fast.", retryAfterMs);
}

/** `retryAfterMs`: when they may search again, in milliseconds from now. */
export function tooManySearches(retryAfterMs: number): LimitError {
  return new LimitError("You're searching too fast.", retryAfterMs);
}

export function tooManyFollowers(): LimitError {
  return new LimitError("Clarify is open in too many places at once. Please close some of them.");
}

export function tooManyReplies(): LimitError {
  return new LimitError("Two replies are already being written for you. Please wait until one is done.");
}

export interface OutOfTokens {
  /** Milliseconds since the epoch. */
  goesOnAt: number;
  now: number;
  /** The person's time zone, an IANA name. */
  timeZone: string;
}

/** The day's tokens are used. The message that should be answered is stored. */
export function outOfTokens({ goesOnAt, now, timeZone }: OutOfTokens): LimitError {
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(goesOnAt);
  const error = new LimitError("You've reached today's limit. Your message is saved.", goesOnAt - now);
  error.message = `You've reached today's limit. You can go on at ${clock}. Your message is saved.`;
  return error;
}
