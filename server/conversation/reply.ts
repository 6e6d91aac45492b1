import type { ClarifyContext } from "@/server/context/context";
import { asPartOfThis } from "@/server/telemetry/request-scope";
import { inSpan } from "@/server/telemetry/spans";
import type { Telemetry } from "@/server/telemetry/telemetry";
import type { ClaimDependencies } from "./claim";
import { ClaimLostError, holdingClaim, LOOK_EVERY_MS } from "./claim";
import type { BegunMessage, ReplyToStore } from "./conversation-store";
import type { Message, ReplyEvent } from "./events";
import { historyWindow } from "./history";
import type { ConversationMetrics } from "./metrics";
import { ReplyDraft } from "./reply-draft";
import { ReplyRecorder } from "./reply-recorder";
import type { WriteReply } from "./running-replies";
import { speak, summarise } from "./speak";
import { todayWords } from "./today";
import type { ReplyRequest, Voice } from "./voice";
import { VoiceError } from "./voice";

export interface ReplyDependencies extends ClaimDependencies {
  /** Reads the context; its cache reads are under way once the microtasks of this call have run. */
  buildContext(): Promise<ClarifyContext>;
  /** Stores the message, claims its reply and answers with the history, in one round trip. Repeating it stores nothing. */
  beginMessage(): Promise<StoredMessage>;
  /** @throws {ClaimLostError} when the reply is somebody else's to write by now. */
  storeReply(reply: ReplyToStore): Promise<Message>;
  createDream: ReplyRequest["createDream"];
  /** The person's, by its IANA name. */
  timeZone: string;
  voice: Voice;
  telemetry: Telemetry;
  metrics: ConversationMetrics;
}

/** What the model needs is there as soon as the database has answered. */
export interface StoredMessage extends BegunMessage {
  /** Resolves when no reader of the cache sees what was there before the message; nothing is told before that. */
  visible: Promise<void>;
}

/**
 * Answers a message: `context`, then the words as they come, then the stored `message`. A message that was answered
 * before gets the stored reply; one that another process is answering gets that reply when it is done. What was said is
 * kept when the signal aborts or the model fails halfway.
 * @throws {VoiceError} when the model fails before its first word; the person's message stays stored.
 */
export function replyToMessage(dependencies: ReplyDependencies): WriteReply {
  const { telemetry, metrics, voice, clock } = dependencies;
  const answer: WriteReply = async (emit, signal) => {
    const recorder = new ReplyRecorder(metrics, clock, voice);
    const [context, begun] = await inSpan(telemetry, "pre-model", {}, () => prepare(dependencies));
    const told = begun.visible.then(() => emit({ type: "context", context: summarise(context) }));
    // In the order of their coming, and none before the first.
    const tell = (event: ReplyEvent) => void told.then(() => emit(event));
    const message = await writeOrFindReply({ ...dependencies, context, begun, emit: tell, signal, recorder });
    await told;
    emit({ type: "message", message });
  };
  return asPartOfThis((emit, signal) =>
    inSpan(telemetry, "message", { voice: voice.kind }, () => answer(emit, signal)),
  );
}

/** Everything the model needs, in the time of the slowest of it. */
async function prepare({ buildContext, beginMessage }: ReplyDependencies): Promise<[ClarifyContext, StoredMessage]> {
  const building = buildContext();
  // The message's own fence goes up behind the reads of its context, or every message would miss its own context.
  await microtasksDrained();
  return Promise.all([building, beginMessage()]);
}

/** Writes the reply; while it is somebody else's to write waits for theirs, and takes it over should they die. */
async function writeOrFindReply(writing: Writing): Promise<Message> {
  let current = writing.begun;
  for (;;) {
    if (current.reply !== null) return current.reply;
    if (current.claimed) {
      try {
        return await writeReply({ ...writing, begun: current });
      } catch (error) {
        if (!(error instanceof ClaimLostError)) throw error;
      }
    }
    await writing.clock.pause(LOOK_EVERY_MS, writing.signal);
    current = await writing.beginMessage();
  }
}

interface Writing extends ReplyDependencies {
  context: ClarifyContext;
  begun: BegunMessage;
  emit: (event: ReplyEvent) => void;
  signal: AbortSignal;
  recorder: ReplyRecorder;
}

async function writeReply({ begun, storeReply, ...writing }: Writing): Promise<Message> {
  const { voice, logger, telemetry, clock, timeZone, context, createDream, emit, signal, recorder } = writing;
  const draft = new ReplyDraft(voice.model, begun.message.id);
  const history = [...historyWindow(begun.history, begun.earlierMessages), begun.message];
  const today = todayWords({ now: clock.now(), timeZone, lastWrittenAt: begun.history.at(-1)?.createdAt });
  const speaking = { voice, logger, recorder, context, history, today, createDream, emit };
  await holdingClaim(writing, signal, async (held) => {
    await inSpan(telemetry, "model", { voice: voice.kind }, () => speak(draft, { ...speaking, signal: held }));
    if (draft.isEmpty) throw new VoiceError("broken");
  }).catch((error: unknown) => {
    recorder.ended("unspoken");
    throw error;
  });
  const reply = draft.toStore();
  recorder.ended(reply.status);
  return inSpan(telemetry, "store reply", {}, () => storeReply(reply));
}

/** Resolves when everything that was started before has run up to its first wait for the outside world. */
function microtasksDrained(): Promise<void> {
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}
