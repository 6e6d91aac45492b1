import type { ClarifyContext } from "@/server/clarify/context";
import type { Logger } from "@/server/observability/logger";
import type { RecentMessages, ReplyToStore } from "./conversation-store";
import type { Message } from "./events";
import { historyWindow } from "./history";
import { ReplyDraft } from "./reply-draft";
import type { WriteReply } from "./running-replies";
import { speak, summarise } from "./speak";
import type { ReplyRequest, Voice } from "./voice";

export interface ResumeDependencies {
  buildContext(): Promise<ClarifyContext>;
  recentMessages(): Promise<RecentMessages>;
  extendReply(beginning: Message, rest: ReplyToStore): Promise<Message>;
  createDream: ReplyRequest["createDream"];
  voice: Voice;
  logger: Logger;
}

/** Only the end of a conversation can be gone on with. */
export class NothingToResumeError extends Error {
  override name = "NothingToResumeError";
  override message = "Only the last reply of a conversation can be continued.";
}

/** Tells the model that its own words were cut off; never shown, never stored. */
const GO_ON = "(Your last message was cut off by the connection. Go on exactly where it stopped, repeating nothing.)";

/**
 * Goes on with the last reply of a conversation, where it ended early: the same events as a reply, and what comes is put
 * behind what was said. A reply that is complete is given back as it is.
 * @throws {NothingToResumeError} when the last message is not that reply.
 */
export function resumeReply(replyId: string, dependencies: ResumeDependencies): WriteReply {
  const { buildContext, recentMessages, extendReply, ...speaking } = dependencies;
  return async (emit, signal) => {
    const [context, recent] = await Promise.all([buildContext(), recentMessages()]);
    const beginning = recent.messages.at(-1);
    if (beginning?.id !== replyId || beginning.replyTo === null) throw new NothingToResumeError();
    emit({ type: "context", context: summarise(context) });
    if (beginning.status === "complete") return emit({ type: "message", message: beginning });

    const draft = new ReplyDraft(speaking.voice.model, beginning.replyTo);
    const history = [...historyWindow(recent.messages, recent.total), { role: "user" as const, content: GO_ON }];
    await speak(draft, { ...speaking, context, history, emit, signal });
    emit({ type: "message", message: await extendReply(beginning, draft.toStore()) });
  };
}
