import { describeError } from "@/components/trpc/errors";
import type { Speech, Words } from "@/components/words/speech";
import type { Pair } from "@/server/conversation/conversation-store";
import type { ContextSummary, CreatedDream, Message, ReplyEvent } from "@/server/conversation/events";

/** A message on its way, and its reply so far. */
export interface Turn {
  /** The message's id, made by the page: sending again with the same id never stores it twice. */
  id: string;
  content: string;
  createdAt: string;
  /** The key of the stored entry behind which the message was written; null for the first one, undefined if unknown. */
  after: string | null | undefined;
  phase: "waiting" | "streaming" | "stopped" | "failed" | "answered";
  /** The reply so far. */
  reply: string;
  /** The dreams that the reply has created so far. */
  dreams: CreatedDream[];
  /** The stored reply that is being continued; null for a new reply. */
  resumes: Message | null;
  /** The stored pair whose message is being answered again; otherwise null. */
  again: Pair | null;
  /** The stored reply; null until it is stored. */
  message: Message | null;
  context: ContextSummary | null;
  /** Why it failed. */
  failure: Failure | null;
}

export interface Failure {
  /** In words. */
  message: string;
  /** There was no connection. The message is sent again when there is one. */
  offline: boolean;
  /** The stream ended normally, but without the stored reply. */
  cutShort: boolean;
  /** When trying again can succeed, in milliseconds since the epoch; null if it can now. */
  retryAt: number | null;
}

export type TurnEvent =
  | ReplyEvent
  /** The person stopped the reply. */
  | { type: "stop" }
  | { type: "failure"; failure: Failure };

const BEGUN = { after: undefined, dreams: [], resumes: null, again: null, message: null, context: null, failure: null };

export function startTurn(message: { id: string; content: string; createdAt: string }, after?: string | null): Turn {
  return { ...BEGUN, ...message, after, phase: "waiting", reply: "" };
}

/** Continues a stored reply that ended early. */
export function resumeTurn(beginning: Message): Turn {
  const { id, replyTo, content, dreams, createdAt } = beginning;
  const reply = { reply: content, dreams, resumes: beginning };
  return { ...BEGUN, id: replyTo ?? id, content: "", createdAt, phase: "streaming", ...reply };
}

/** Answers the last message again, with these words. */
export function againTurn(pair: Pair, content: string): Turn {
  const { id, createdAt } = pair.message;
  return { ...BEGUN, id, content, createdAt, phase: "waiting", reply: "", again: pair };
}

export function isRunning(turn: Turn): boolean {
  return turn.phase === "waiting" || turn.phase === "streaming";
}

/** The turn after an event. Events after its end change nothing. */
export function advanceTurn(turn: Turn, event: TurnEvent): Turn {
  if (!isRunning(turn)) return turn;
  switch (event.type) {
    case "context":
      return { ...turn, context: event.context };
    case "restart":
      return { ...turn, reply: turn.resumes?.content ?? "", dreams: turn.resumes?.dreams ?? [] };
    case "text":
      return { ...turn, phase: "streaming", reply: turn.reply + event.delta };
    case "dream":
      return { ...turn, dreams: [...turn.dreams, event.dream] };
    // All of the text is shown. The message follows when it is stored.
    case "unsaved":
      return turn;
    case "message":
      return { ...turn, phase: "answered", reply: event.message.content, message: event.message };
    case "stop":
      return { ...turn, phase: "stopped" };
    case "failure":
      return { ...turn, phase: "failed", failure: event.failure };
  }
}

/** Why a reply failed, and whether and when it can be tried again. */
export function toFailure(error: unknown, now: number, words: Words): Failure {
  if (error === CUT_SHORT) return { message: words.failure.cutShort, offline: false, cutShort: true, retryAt: null };
  const { code, reason, retryAfterMs } = describeError(error, words);
  // The process is about to end, and the next one will be asked.
  if (code === "OFFLINE" || code === "PRECONDITION_FAILED")
    return { message: words.failure.lost, offline: true, cutShort: false, retryAt: null };
  return {
    message: reason,
    offline: false,
    cutShort: false,
    retryAt: retryAfterMs === null ? null : now + retryAfterMs,
  };
}

/** The stream ended normally, but without the stored reply. */
export const CUT_SHORT = new Error("The reply ended before it was complete");

/** A failure in one or two sentences, with the time to wait as of now. */
export function failureWords({ message, retryAt }: Failure, now: number, speech: Speech): string {
  if (retryAt === null) return message;
  return speech.fill(speech.words.failure.retry, {
    reason: message,
    when: whenWords(retryAt, { now, form: "long" }, speech),
  });
}

/** When something may be tried again: the time until then, or the time of day if that is far off. */
export function whenWords(
  retryAt: number,
  { now, form }: { now: number; form: "long" | "short" },
  { words: { failure }, fill, plural, locale }: Speech,
): string {
  const short = form === "short";
  const seconds = Math.max(1, Math.ceil((retryAt - now) / 1_000));
  if (seconds <= SECONDS_COUNTED) {
    return short ? fill(failure.inSecondsShort, { count: seconds }) : plural(failure.inSeconds, seconds);
  }
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= MINUTES_COUNTED) {
    return short ? fill(failure.inMinutesShort, { count: minutes }) : plural(failure.inMinutes, minutes);
  }
  const time = new Date(retryAt).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  return fill(failure.atTime, { time });
}

const SECONDS_COUNTED = 90;
const MINUTES_COUNTED = 60;
