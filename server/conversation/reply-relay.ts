import { z } from "zod";
import type { CreatedDream, ReplyEvent } from "./events";

/** How far a reply has come, for processes that do not write it. */
export const replyProgress = z.object({
  text: z.string(),
  dreams: z.array(z.object({ id: z.string(), title: z.string() })),
  /** Whether somebody asked it to stop. */
  stopped: z.boolean(),
  /** Whether no more will come: it is stored, or it failed. */
  ended: z.boolean(),
});
export type ReplyProgress = z.infer<typeof replyProgress>;

/** The claim that a reply is being written under, by whichever process. */
export interface ReplyClaim {
  /** The message that it answers. */
  messageId: string;
  /** The stored reply, where it is one that is being continued. */
  replyId: string | null;
  claimToken: string;
}

/**
 * Carries a growing reply from the process that writes it to all others, and the wish to stop it back. Every call has a
 * deadline, and throws when it passes.
 */
export interface ReplyRelay {
  /** The writer says how far the reply has come. Answers whether somebody asked it to stop. */
  tell(writing: Pick<ReplyClaim, "messageId" | "claimToken">, progress: ReplyProgress): Promise<boolean>;
  /** How far the reply has come; null when its writer has said nothing for `SILENT_AFTER_MS`. */
  read(claimToken: string): Promise<ReplyProgress | null>;
  /** Asks the writer to stop. It hears that the next time it tells. */
  stop(writing: Pick<ReplyClaim, "messageId" | "claimToken">): Promise<void>;
}

/** How often a writer tells. */
export const TELL_EVERY_MS = 500;
/** A writer that has not told for so long is gone, or cannot be heard. */
export const SILENT_AFTER_MS = 3_000;

export const NOTHING_SAID: ReplyProgress = { text: "", dreams: [], stopped: false, ended: false };

/** How far a reply has come after an event. */
export function progressAfter(progress: ReplyProgress, event: ReplyEvent): ReplyProgress {
  switch (event.type) {
    case "text":
      return { ...progress, text: progress.text + event.delta };
    case "dream":
      return { ...progress, dreams: [...progress.dreams, { id: event.dream.id, title: event.dream.title }] };
    case "restart":
      return { ...progress, text: "", dreams: [] };
    case "context":
    case "unsaved":
    case "message":
      return progress;
  }
}

/** The events of a reply that is known as a whole. */
export function eventsOf({ content, dreams }: { content: string; dreams: CreatedDream[] }): ReplyEvent[] {
  return eventsBetween(NOTHING_SAID, { ...NOTHING_SAID, text: content, dreams });
}

/** The events that lead from one state of a reply to a later one, or to one of another try. */
export function eventsBetween(before: ReplyProgress, now: ReplyProgress): ReplyEvent[] {
  const goesOn = now.text.startsWith(before.text) && now.dreams.length >= before.dreams.length;
  if (!goesOn) return [{ type: "restart" }, ...eventsBetween(NOTHING_SAID, now)];
  const delta = now.text.slice(before.text.length);
  return [
    ...(delta === "" ? [] : [{ type: "text" as const, delta }]),
    ...now.dreams.slice(before.dreams.length).map((dream) => ({ type: "dream" as const, dream })),
  ];
}
