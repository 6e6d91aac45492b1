import type { ClarifyContext } from "@/server/clarify/sections";
import type { NewDream } from "@/server/dreams/dream";
import type { ModelFailureCode } from "@/server/model/failure";
import type { TokenUsage } from "@/server/model/token-usage";
import type { CreatedDream, Message } from "./events";
import type { RunningSummary } from "./running-summary";

/** A message as the model reads it. */
export type HistoryMessage = Pick<Message, "role" | "content"> & Partial<Pick<Message, "dreams">>;

/** A dream that is kept: `new`; `before`, by an earlier attempt at this reply that was lost; `known`: this reply has it already. */
export interface KeptDream extends CreatedDream {
  how: "new" | "before" | "known";
}

export interface ReplyRequest {
  context: ClarifyContext;
  /** Earlier messages, oldest first, ending with the one to answer. */
  history: HistoryMessage[];
  /** What the model is told about time. It changes daily, so it stands behind everything that the provider keeps. */
  today: string;
  /** Of what the model does not read of the conversation any more. */
  summary?: RunningSummary | null;
  /** How many answers the message has already; 0 unless told otherwise. */
  attempt?: number;
  /** Stores a dream that the person asked for, linked to the session. */
  createDream(dream: NewDream): Promise<KeptDream>;
  signal: AbortSignal;
}

export type VoiceEvent =
  | { type: "text"; delta: string }
  | { type: "dream"; dream: CreatedDream }
  /** What the reply took so far: known from its beginning, so that one that is cut off has it too. */
  | { type: "usage"; usage: TokenUsage }
  | { type: "end"; usage: TokenUsage; ending: ReplyEnding };

/** How the voice itself ended a reply. `capped`: it had more to say than a reply may be long. */
export type ReplyEnding = "complete" | "capped" | "refused";

/** Who answers: a language model, or the offline voice. */
export interface Voice {
  kind: "model" | "offline";
  /** Stored with each reply. */
  model: string;
  /**
   * Streams a reply: `text` and `dream` in the order of their coming, `usage` in between, then one `end`.
   * @throws {VoiceError} when no more of the reply will come.
   */
  reply(request: ReplyRequest): AsyncIterable<VoiceEvent>;
  /** Where the model's provider keeps prompts for a while. */
  promptCache?: {
    /** A shorter prompt is not kept. */
    minimumTokens: number;
    /**
     * Has the prompt that the next message will begin with kept.
     * @throws {VoiceError}
     */
    warm(prompt: Pick<ReplyRequest, "context" | "history" | "summary" | "signal">): Promise<TokenUsage>;
  };
  /**
   * Sums up the beginning of a conversation. The offline voice does not, because it reads the last message only.
   * @throws {VoiceError}
   */
  summarise?(request: SummaryRequest): Promise<Summary>;
}

export interface SummaryRequest {
  /** The summary so far. */
  summary: string | null;
  /** What is to be added to it, oldest first. */
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
  /** The reply took longer than any may. */
  | "timed_out"
  | "aborted"
  /** The model ended its reply without a word. */
  | "empty";

/** Why a reply ended early. Carries a code only: the provider's own errors can quote the prompt. */
export class VoiceError extends Error {
  override name = "VoiceError";

  constructor(
    readonly code: VoiceErrorCode,
    /** When the model may be asked again, in milliseconds from now; null where its provider does not say. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(`The model's reply ended: ${code}`);
  }
}

/** Compares names, because Next.js can load this module twice, and the voice may have thrown the other copy's class. */
export function isVoiceError(error: unknown): error is VoiceError {
  return error instanceof Error && error.name === "VoiceError";
}

/** The code of what a voice threw. */
export function voiceErrorCode(error: unknown): VoiceErrorCode {
  return isVoiceError(error) ? error.code : "broken";
}
