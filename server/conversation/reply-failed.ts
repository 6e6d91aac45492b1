import { PublicError } from "@/server/public-error";
import type { VoiceError, VoiceErrorCode } from "./voice";

interface Words {
  code: PublicError["code"];
  message: string;
}

/** The message for the person when a reply failed before its first word. None of it blames the person. */
const WORDS: Record<VoiceErrorCode, Words> = {
  overloaded: {
    code: "SERVICE_UNAVAILABLE",
    message: "The mirror is busy just now. Your message is kept; try again in a moment.",
  },
  rate_limited: {
    code: "TOO_MANY_REQUESTS",
    message: "Too much is being asked of the mirror just now. Your message is kept.",
  },
  unauthorized: {
    code: "BAD_GATEWAY",
    message: "The mirror is not set up as it should be, and we have to mend that. Your message is kept.",
  },
  too_long: {
    code: "BAD_GATEWAY",
    message: "This conversation is longer than the mirror can hold. Your message is kept; go on in a new conversation.",
  },
  rejected: {
    code: "BAD_GATEWAY",
    message: "The mirror could not take this conversation. Your message is kept.",
  },
  unreachable: {
    code: "SERVICE_UNAVAILABLE",
    message: "The mirror cannot be reached just now. Your message is kept; try again.",
  },
  stalled: { code: "GATEWAY_TIMEOUT", message: "The mirror went silent. Your message is kept; try again." },
  timed_out: { code: "GATEWAY_TIMEOUT", message: "The mirror took too long. Your message is kept; try again." },
  aborted: { code: "CLIENT_CLOSED_REQUEST", message: "The reply was stopped." },
  empty: { code: "BAD_GATEWAY", message: "The mirror found no words this time. Your message is kept; try again." },
  broken: { code: "BAD_GATEWAY", message: "The reply broke off before it began. Your message is kept; try again." },
};

/** Used if the model's provider does not say when it may be asked again, in milliseconds. */
const RATE_LIMITED_MS = 60_000;

/** A reply failed before its first word. The message that it should answer is stored. */
export class ReplyFailedError extends PublicError {
  override name = "ReplyFailedError";
  readonly code: PublicError["code"];

  constructor(cause: VoiceError) {
    const { code, message } = WORDS[cause.code];
    super(message, cause.code === "rate_limited" ? (cause.retryAfterMs ?? RATE_LIMITED_MS) : null, { cause });
    this.code = code;
  }
}
