import { atEndOfTick } from "@/server/cache";
import type { ClarifyContext } from "@/server/clarify/sections";
import { DatabaseError } from "@/server/database/errors";
import { receiptsOf } from "@/server/receipts/receipts-of";
import { asPartOfThis } from "@/server/telemetry/request-scope";
import { inSpan } from "@/server/telemetry/spans";
import type { Telemetry } from "@/server/telemetry/telemetry";
import type { TokenCounter } from "@/server/tokens/token-counter";
import { crisisIn } from "./care";
import type { ClaimDependencies } from "./claim";
import { ClaimLostError, holdingClaim } from "./claim";
import type { BegunMessage, RecentMessages, ReplyToStore } from "./conversation-store";
import type { CallPrompt } from "./early-call";
import { EarlyCall } from "./early-call";
import type { CreatedDream, Message, ReplyEvent } from "./events";
import type { FollowedEnd } from "./follow-reply";
import { historyWindow } from "./history";
import type { ConversationMetrics } from "./metrics";
import { readItems, saidBy } from "./read-items";
import type { RelatedContext } from "./related";
import { NOTHING_RELATED, relatedContext } from "./related";
import { ReplyDraft } from "./reply-draft";
import { ReplyRecorder } from "./reply-recorder";
import { eventsOf } from "./reply-relay";
import type { WriteReply } from "./running-replies";
import { speak, summarise } from "./speak";
import { todayWords } from "./today";
import type { HistoryMessage, ReplyRequest, Voice } from "./voice";
import { VoiceError } from "./voice";

export interface ReplyDependencies extends ClaimDependencies {
  /** Reads the context. Its cache reads are sent at the end of the tick in which it is called. */
  buildContext(): Promise<ClarifyContext>;
  /** Stores the message, claims its reply and returns the history, in one round trip. Repeating it stores nothing. */
  beginMessage(): Promise<StoredMessage>;
  /**
   * The conversation with the message, as it will probably be stored; null if that is not known. Resolves once the limits
   * allow a call of the model. Its cache reads are sent with those of `buildContext`.
   * @throws {LimitError}
   */
  expectConversation(): Promise<ExpectedConversation | null>;
  /**
   * Stores the reply, however long that takes, and emits `unsaved` if the first try fails.
   * @throws {ClaimLostError} when another process has the claim on the reply.
   */
  storeReply(reply: ReplyToStore, emit: (event: ReplyEvent) => void): Promise<Message>;
  /** Emits the events of another process that writes the reply, until no process does. */
  followWriter(emit: (event: ReplyEvent) => void): Promise<FollowedEnd>;
  /** The reply, if it is stored. */
  findReply(): Promise<Message | null>;
  /** Creates the dreams of one attempt at the reply, in addition to those that it has. */
  keepDreams(known: readonly CreatedDream[]): ReplyRequest["createDream"];
  /** The person's time zone, an IANA name. */
  timeZone: string;
  voice: Voice;
  tokens: Pick<TokenCounter, "countLine" | "countMessage">;
  telemetry: Telemetry;
  metrics: ConversationMetrics;
}

/** A conversation that ends with the message to answer. */
export interface ExpectedConversation {
  /** Before the message. */
  recent: RecentMessages;
  message: HistoryMessage;
}

/** The stored message. The cache may still be outdating the sections that it changed. */
export interface StoredMessage extends BegunMessage {
  /** The finished reply that a process could not store; null if there is none. */
  unsaved: ReplyToStore | null;
  /** Resolves when no reader of the cache can get the state before the message. No event is emitted before that. */
  visible: Promise<void>;
}

/**
 * Answers a message. Emits `context`, then the text as it arrives, then the stored `message`. A message that was
 * answered before gets its stored reply; a message that another process is answering gets the events of that process.
 * When the signal aborts or the model fails halfway, the text so far is stored.
 * @throws {VoiceError} when the model fails before its first word; the person's message stays stored.
 */
export function replyToMessage(dependencies: ReplyDependencies): WriteReply {
  const { telemetry, metrics, voice, clock, tokens, logger } = dependencies;
  const answer: WriteReply = async (emit, signal) => {
    const recorder = new ReplyRecorder(metrics, clock, voice);
    const early = new EarlyCall(voice, clock);
    try {
      const [context, begun] = await inSpan(telemetry, "pre-model", {}, () => prepare(dependencies, early));
      // Another process writes the reply, or it is there already.
      if (!begun.claimed || begun.reply !== null || begun.unsaved !== null) early.giveUp();
      const inCrisis = crisisIn([...begun.history, begun.message]) !== null;
      const related = inCrisis ? NOTHING_RELATED : relatedContext(begun.related, tokens.countLine);
      if (related.items === null) logger.warn("related items not searched");
      const contextEmitted = begun.visible.then(() => emit({ type: "context", context: summarise(context, related) }));
      // Events keep their order. The context is the first.
      const emitInOrder = (event: ReplyEvent) => void contextEmitted.then(() => emit(event));
      const writing = { ...dependencies, context, related, begun, early, emit: emitInOrder, signal, recorder };
      const message = await writeOrFindReply(writing);
      await contextEmitted;
      emit({ type: "message", message });
    } finally {
      early.giveUp();
      recorder.calledEarly(early.outcome);
    }
  };
  return asPartOfThis((emit, signal) =>
    inSpan(telemetry, "message", { voice: voice.kind }, () => answer(emit, signal)),
  );
}

/** Reads everything that the model needs, at the same time, and calls it early if its prompt is known first. */
async function prepare(dependencies: ReplyDependencies, early: EarlyCall): Promise<[ClarifyContext, StoredMessage]> {
  const { buildContext, beginMessage, expectConversation } = dependencies;
  const building = buildContext();
  const expecting = Promise.all([building, expectConversation()]);
  early.begin(expecting.then(([context, expected]) => expected && promptFor(dependencies, { ...expected, context })));
  // The cache reads of the context must be sent before the fence of the message, which would make them misses.
  await new Promise<void>(atEndOfTick);
  return Promise.all([building, beginMessage()]);
}

/** How often a reply is written anew after its claim was lost. */
const MOST_WRITTEN = 3;

/**
 * Writes the reply. While another process holds the claim, follows its reply, and takes over when the claim expires.
 */
async function writeOrFindReply(writing: Writing): Promise<Message> {
  const { begun, beginMessage, followWriter, findReply } = writing;
  let said = false;
  const emit = (event: ReplyEvent) => {
    said = true;
    writing.emit(event);
  };
  const restart = () => {
    if (said) writing.emit({ type: "restart" });
    said = false;
  };
  let written = 0;
  for (let current = begun; ; current = await beginMessage()) {
    if (current.reply !== null) return current.reply;
    if (current.claimed) {
      written += 1;
      try {
        const { unsaved } = current;
        if (unsaved === null) return await writeReply({ ...writing, emit, begun: current });
        for (const event of eventsOf(unsaved)) emit(event);
        return await writing.storeReply(unsaved, emit);
      } catch (error) {
        if (!(error instanceof ClaimLostError)) throw error;
        restart();
      }
    }
    const { stopped } = await followWriter(emit);
    const reply = await findReply();
    if (reply !== null) return reply;
    if (stopped) throw new VoiceError("aborted");
    // The limits admitted one reply.
    if (written === MOST_WRITTEN) throw new DatabaseError("busy");
    restart();
  }
}

interface Writing extends ReplyDependencies {
  context: ClarifyContext;
  related: RelatedContext;
  begun: StoredMessage;
  early: EarlyCall;
  emit: (event: ReplyEvent) => void;
  signal: AbortSignal;
  recorder: ReplyRecorder;
}

/** The prompt for the reply to a message, of which nothing related is known. */
function promptFor(
  { clock, tokens, timeZone }: Pick<ReplyDependencies, "clock" | "tokens" | "timeZone">,
  { context, recent, message }: ExpectedConversation & { context: ClarifyContext },
): CallPrompt {
  const { messages, total, summary } = recent;
  return {
    context,
    history: [...historyWindow(messages, total, tokens.countMessage), message],
    summary,
    crisis: crisisIn([...messages, message]),
    today: todayWords({ now: clock.now(), timeZone, lastWrittenAt: messages.at(-1)?.createdAt }),
  };
}

async function writeReply({ begun, storeReply, ...writing }: Writing): Promise<Message> {
  const { voice, logger, telemetry, clock, context, related, early, keepDreams, emit, signal, recorder } = writing;
  const { message, history, earlierMessages: total, summary } = begun;
  const draft = new ReplyDraft(voice.model, message.id);
  const speaking = {
    ...promptFor(writing, { context, recent: { messages: history, total, summary }, message }),
    voice,
    early,
    clock,
    logger,
    recorder,
    related: related.text,
    createDream: keepDreams([]),
    emit,
  };
  await holdingClaim(writing, signal, async (held) => {
    await inSpan(telemetry, "model", { voice: voice.kind }, () => speak(draft, { ...speaking, signal: held }));
    if (draft.isEmpty) {
      recorder.failed("empty");
      throw new VoiceError("empty");
    }
  }).catch((error: unknown) => {
    recorder.ended("unspoken");
    throw error;
  });
  const asked = speaking.history;
  const read = { items: [...readItems(context), ...related.read], said: saidBy(asked, summary) };
  const reply = draft.toStore((content) => (speaking.crisis === null ? receiptsOf(content, read) : []));
  recorder.ended(reply.status);
  return inSpan(telemetry, "store reply", {}, () => storeReply(reply, emit));
}
