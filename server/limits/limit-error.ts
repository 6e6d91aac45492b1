import { PublicError } from "@/server/public-error";

/** The person has reached a limit. */
export class LimitError extends PublicError {
  override name = "LimitError";
  readonly code = "TOO_MANY_REQUESTS";
}

/** `retryAfterMs`: when they may send again, in milliseconds from now. */
export function tooManyMessages(retryAfterMs: number): LimitError {
  return new LimitError("You are writing faster than we can listen.", retryAfterMs);
}

/** `retryAfterMs`: when they may search again, in milliseconds from now. */
export function tooManySearches(retryAfterMs: number): LimitError {
  return new LimitError("You are searching faster than we can look.", retryAfterMs);
}

export function tooManyFollowers(): LimitError {
  return new LimitError("Your conversations are open in too many places at once. Please close some of them.");
}

export function tooManyReplies(): LimitError {
  return new LimitError("Two replies are being written for you already. Please wait for one of them to end.");
}

export interface OutOfTokens {
  perDay: number;
  /** Milliseconds since the epoch. */
  goesOnAt: number;
  now: number;
  /** The person's time zone, an IANA name. */
  timeZone: string;
}

/** The day's tokens are used. The message that should be answered is stored. */
export function outOfTokens({ perDay, goesOnAt, now, timeZone }: OutOfTokens): LimitError {
  const used = `You have used today's ${perDay.toLocaleString("en")} tokens`;
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(goesOnAt);
  const error = new LimitError(`${used}. Your message is kept.`, goesOnAt - now);
  error.message = `${used}; it goes on at ${clock}. Your message is kept.`;
  return error;
}
