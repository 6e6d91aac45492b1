import type { ClarifyContext } from "@/server/clarify/sections";
import type { NewDream } from "@/server/dreams/dream";
import type { ModelFailureCode } from "@/server/model/failure";
import type { TokenUsage } from "@/server/model/token-usage";
import type { Crisis } from "./care";
import type { CreatedDream, Message } from "./events";
import type { RunningSummary } from "./running-summary";

/** A message in its form for the model. */
export type HistoryMessage = Pick<Message, "role" | "content"> & Partial<Pick<Message, "dreams">>;

/**
 * A stored dream. `new`: this call created it; `before`: an earlier attempt at this reply, which was lost, created it;
 * `known`: this reply has it already.
 */
export interface KeptDream extends CreatedDream {
  how: "new" | "before" | "known";
}

export interface ReplyRequest {
  context: ClarifyContext;
  /** Earlier messages, oldest first. The last is the one to answer. */
  history: HistoryMessage[];
  /** A block of older items that share words with the last message. It comes after everything that the provider caches. */
  related?: string | null;
  /**
   * Whether the message, or one shortly before it, speaks of suicide or self-harm. `history` does not tell, because a refused
   * message is not in it.
   */
  crisis: Crisis | null;
  /** The date for the model. It changes daily, so it comes after everything that the provider caches. */
  today: string;
  /** The summary of the messages that the model no longer reads. */
  summary?: RunningSummary | null;
  /** How many answers the message has already. Default 0. */
  attempt?: number;
  /** Stores a dream that the person asked for, linked to the session. */
  createDream(dream: NewDream): Promise<KeptDream>;
  signal: AbortSignal;
}

export type VoiceEvent =
  | { type: "text"; delta: string }
  | { type: "dream"; dream: CreatedDream }
  /** The usage of the reply so far, reported from its beginning, so that a reply that is cut off has it too. */
  | { type: "usage"; usage: TokenUsage }
  | { type: "end"; usage: TokenUsage; ending: ReplyEnding };

/** How the voice ended a reply. `capped`: the reply reached the length limit. */
export type ReplyEnding = "complete" | "capped" | "refused";

/** The author of replies: a language model, or the offline voice. */
export interface Voice {
  kind: "model" | "offline";
  /** Stored with each reply. */
  model: string;
  /**
   * Streams a reply: `text` and `dream` in the order in which they arrive, `usage` in between, then one `end`.
   * @throws {VoiceError} when no more of the reply will arrive.
   */
  reply(request: ReplyRequest): AsyncIterable<VoiceEvent>;
  /** The prompt cache of the model's provider. */
  promptCache?: {
    /** The shortest prompt that is cached, in tokens. */
    minimumTokens: number;
    /**
     * Sends the prompt that the next message will begin with to the cache.
     * @throws {VoiceError}
     */
    warm(prompt: Pick<ReplyRequest, "context" | "history" | "summary" | "signal">): Promise<TokenUsage>;
  };
  /**
   * Summarises the beginning of a conversation. The offline voice has no summary, because it reads only the last
   * message.
   * @throws {VoiceError}
   */
  summarise?(request: SummaryRequest): Promise<Summary>;
  /**
   * Names a conversation.
   * @throws {VoiceError}
   */
  title?(request: TitleRequest): Promise<Summary>;
}

export interface TitleRequest {
  /** All of the conversation, oldest message first. */
  messages: Pick<Message, "role" | "content">[];
  signal: AbortSignal;
}

export interface SummaryRequest {
  /** The summary so far. */
  summary: string | null;
  /** The messages to add to it, oldest first. */
  messages: Pick<Message, "role" | "content">[];
  signal: AbortSignal;
}

export interface Summary {
  words: string;
  usage: TokenUsage;
  ending: ReplyEnding;
}

export type VoiceErrorCode =
  | ModelFailureCode
  /** The reply took longer than the limit. */
  | "timed_out"
  | "aborted"
  /** The model ended its reply without a word. */
  | "empty";

/** Why a reply ended early. It carries only a code, because the provider's own errors can quote the prompt. */
export class VoiceError extends Error {
  override name = "VoiceError";

  constructor(
    readonly code: VoiceErrorCode,
    /** When the model may be asked again, in milliseconds from now; null if its provider does not say. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(`The model's reply ended: ${code}`);
  }
}

/**
 * Compares names instead of classes, because Next.js can load this module twice and the voice may have thrown the other
 * copy's class.
 */
export function isVoiceError(error: unknown): error is VoiceError {
  return error instanceof Error && error.name === "VoiceError";
}

/** The code of an error that a voice threw. */
export function voiceErrorCode(error: unknown): VoiceErrorCode {
  return isVoiceError(error) ? error.code : "broken";
}
