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
    message: "The AI is busy right now. Your message is saved; try again in a moment.",
  },
  rate_limited: {
    code: "TOO_MANY_REQUESTS",
    message: "The AI is getting too many messages right now. Your message is saved.",
  },
  unauthorized: {
    code: "BAD_GATEWAY",
    message: "The AI isn't set up correctly, and we have to fix that. Your message is saved.",
  },
  too_long: {
    code: "BAD_GATEWAY",
    message:
      "This conversation has become too long to answer. Your message is saved; please go on in a new conversation.",
  },
  rejected: {
    code: "BAD_GATEWAY",
    message: "The AI couldn't answer this conversation. Your message is saved.",
  },
  unreachable: {
    code: "SERVICE_UNAVAILABLE",
    message: "We can't reach the AI right now. Your message is saved; try again.",
  },
  stalled: { code: "GATEWAY_TIMEOUT", message: "The AI stopped responding. Your message is saved; try again." },
  timed_out: { code: "GATEWAY_TIMEOUT", message: "The AI took too long to answer. Your message is saved; try again." },
  aborted: { code: "CLIENT_CLOSED_REQUEST", message: "The reply was stopped." },
  empty: { code: "BAD_GATEWAY", message: "The AI didn't answer this time. Your message is saved; try again." },
  broken: {
    code: "BAD_GATEWAY",
    message: "Something went wrong before the reply started. Your message is saved; try again.",
  },
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
