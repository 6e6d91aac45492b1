import type { ClarifyContext } from "@/server/clarify/context";
import type { Clock } from "@/server/clock";
import type { Logger } from "@/server/observability/logger";
import type { BegunMessage, ReplyToStore } from "./conversation-store";
import type { Message, ReplyEvent } from "./events";
import { historyWindow } from "./history";
import { ReplyDraft } from "./reply-draft";
import type { WriteReply } from "./running-replies";
import { speak, summarise } from "./speak";
import type { ReplyRequest, Voice } from "./voice";

export interface ReplyDependencies {
  /** Reads the context; its cache reads are under way once the microtasks of this call have run. */
  buildContext(): Promise<ClarifyContext>;
  /** Stores the message, claims its reply and answers with the history, in one round trip. Repeating it stores nothing. */
  beginMessage(): Promise<BegunMessage>;
  /** Says that the reply is still being written, or, with `false`, that somebody else may. */
  holdClaim(held: boolean): Promise<void>;
  storeReply(reply: ReplyToStore): Promise<Message>;
  createDream: ReplyRequest["createDream"];
  voice: Voice;
  clock: Clock;
  logger: Logger;
}

/** How long a claim on a reply outlives its last sign of life, and how often there is one. */
export const CLAIM_MS = 15_000;
const HOLD_EVERY_MS = CLAIM_MS / 3;
/** How often to look whether another process has finished the reply. */
const LOOK_EVERY_MS = 500;

/**
 * Answers a message: `context`, then the words as they come, then the stored `message`. A message that was answered
 * before gets the stored reply; one that another process is answering gets that reply when it is done. What was said is
 * kept when the signal aborts or the model fails halfway.
 * @throws {VoiceError} when the model fails before its first word; the person's message stays stored.
 */
export function replyToMessage(dependencies: ReplyDependencies): WriteReply {
  return async (emit, signal) => {
    const building = dependencies.buildContext();
    // The message's own fence goes up behind the reads of its context, or every message would miss its own context.
    await microtasksDrained();
    const [context, begun] = await Promise.all([building, dependencies.beginMessage()]);
    emit({ type: "context", context: summarise(context) });
    const claimed = await claimOrFindReply(begun, dependencies, signal);
    const message = claimed.reply ?? (await writeReply({ ...dependencies, context, begun: claimed, emit, signal }));
    emit({ type: "message", message });
  };
}

/** Waits while somebody else writes the reply, and takes it over should they die. */
async function claimOrFindReply(
  begun: BegunMessage,
  { beginMessage, clock }: ReplyDependencies,
  signal: AbortSignal,
): Promise<BegunMessage> {
  let current = begun;
  while (current.reply === null && !current.claimed) {
    await clock.pause(LOOK_EVERY_MS, signal);
    current = await beginMessage();
  }
  return current;
}

interface Writing extends ReplyDependencies {
  context: ClarifyContext;
  begun: BegunMessage;
  emit: (event: ReplyEvent) => void;
  signal: AbortSignal;
}

async function writeReply({ begun, clock, holdClaim, storeReply, ...writing }: Writing): Promise<Message> {
  const { voice, logger, context, createDream, emit, signal } = writing;
  const draft = new ReplyDraft(voice.model, begun.message.id);
  const history = [...historyWindow(begun.history, begun.earlierMessages), begun.message];
  const stopHolding = clock.every(HOLD_EVERY_MS, () => {
    holdClaim(true).catch((err: unknown) => logger.warn({ err }, "claim on a reply not held"));
  });
  try {
    await speak(draft, { voice, logger, context, history, createDream, emit, signal });
  } catch (error) {
    await holdClaim(false);
    throw error;
  } finally {
    stopHolding();
  }
  return storeReply(draft.toStore());
}

/** Resolves when everything that was started before has run up to its first wait for the outside world. */
function microtasksDrained(): Promise<void> {
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}
