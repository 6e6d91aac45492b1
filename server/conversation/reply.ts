import type { BackgroundRunner } from "@/server/cache";
import type { ClarifyContext } from "@/server/clarify/context";
import type { Logger } from "@/server/observability/logger";
import type { BegunMessage, ReplyToStore } from "./conversation-store";
import type { ContextSummary, Message, MessageStatus, ReplyEvent } from "./events";
import type { TokenUsage, Voice } from "./voice";
import { VoiceError } from "./voice";

export interface ReplyDependencies {
  /** Reads the context; its cache reads are under way once the microtasks of this call have run. */
  buildContext(): Promise<ClarifyContext>;
  /** Stores the message and answers with the history before it, in one round trip. */
  beginMessage(): Promise<BegunMessage>;
  storeReply(reply: ReplyToStore): Promise<Message>;
  voice: Voice;
  background: BackgroundRunner;
  logger: Logger;
  signal: AbortSignal;
}

/**
 * Answers a message: `context`, then `text` as it comes, then the stored `message`. A message that was answered before
 * gets the stored reply. What was said is kept even if the person leaves or the model fails halfway.
 * @throws {VoiceError} when the model fails before its first word; the person's message stays stored.
 */
export async function* replyToMessage(dependencies: ReplyDependencies): AsyncGenerator<ReplyEvent> {
  const { voice, background, logger, signal } = dependencies;
  const building = dependencies.buildContext();
  // The message's own fence goes up behind the reads of its context, or every message would miss its own context.
  await microtasksDrained();
  const [context, begun] = await Promise.all([building, dependencies.beginMessage()]);

  yield { type: "context", context: summarise(context) };
  if (begun.reply !== null) {
    yield { type: "message", message: begun.reply };
    return;
  }

  const draft = new ReplyDraft(voice.model, begun.message.id);
  const store = () => dependencies.storeReply(draft.toStore());
  let ended = false;
  try {
    const history = [...begun.history, begun.message];
    for await (const event of voice.reply({ context, history, signal })) {
      if (event.type === "end") draft.finish(event.usage);
      else {
        draft.append(event.delta);
        yield { type: "text", delta: event.delta };
      }
    }
    ended = true;
  } catch (error) {
    ended = !signal.aborted;
    logger.warn(
      { code: error instanceof VoiceError ? error.code : "broken", spoken: draft.text.length },
      "reply failed",
    );
    if (draft.text === "" || signal.aborted) throw error;
    draft.fail();
  } finally {
    // Nobody is listening any more, so what was said is kept behind their back.
    if (!ended && draft.text !== "") background.run("store interrupted reply", async () => void (await store()));
  }
  yield { type: "message", message: await store() };
}

/** What was said so far, and how it ended. */
class ReplyDraft {
  text = "";
  #status: MessageStatus = "interrupted";
  #usage: TokenUsage | null = null;

  constructor(
    readonly model: string,
    readonly replyTo: string,
  ) {}

  append(delta: string): void {
    this.text += delta;
  }

  finish(usage: TokenUsage): void {
    this.#status = "complete";
    this.#usage = usage;
  }

  fail(): void {
    this.#status = "failed";
  }

  toStore(): ReplyToStore {
    return { replyTo: this.replyTo, content: this.text, status: this.#status, model: this.model, usage: this.#usage };
  }
}

function summarise({ text: _text, sections, ...rest }: ClarifyContext): ContextSummary {
  return { ...rest, sections: sections.map(({ items: _items, ...section }) => section) };
}

/** Resolves when everything that was started before has run up to its first wait for the outside world. */
function microtasksDrained(): Promise<void> {
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}
