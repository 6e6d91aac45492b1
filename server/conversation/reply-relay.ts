import { z } from "zod";
import type { CreatedDream, ReplyEvent } from "./events";

/** The progress of a reply, for processes that do not write it. */
export const replyProgress = z.object({
  text: z.string(),
  dreams: z.array(z.object({ id: z.string(), title: z.string() })),
  /** Whether the person asked for it to stop. */
  stopped: z.boolean(),
  /** Whether it is finished: it is stored, or it failed. */
  ended: z.boolean(),
});
export type ReplyProgress = z.infer<typeof replyProgress>;

/** The claim under which some process writes a reply. */
export interface ReplyClaim {
  /** The message that it answers. */
  messageId: string;
  /** The stored reply, if it is being continued; otherwise null. */
  replyId: string | null;
  claimToken: string;
}

/**
 * Passes the progress of a reply from the process that writes it to all others, and a request to stop back to the
 * writer. Every call has a deadline, and throws when it passes.
 */
export interface ReplyRelay {
  /** Publishes the progress of a reply. Returns whether somebody asked for it to stop. */
  publish(writing: Pick<ReplyClaim, "messageId" | "claimToken">, progress: ReplyProgress): Promise<boolean>;
  /** The progress of the reply; null when its writer has published nothing for `SILENT_AFTER_MS`. */
  read(claimToken: string): Promise<ReplyProgress | null>;
  /** Asks the writer to stop. The writer receives this with its next call of `publish`. */
  stop(writing: Pick<ReplyClaim, "messageId" | "claimToken">): Promise<void>;
}

/** How often a writer publishes its progress, in milliseconds. */
export const PUBLISH_EVERY_MS = 500;
/** A writer that has published nothing for this long is gone or cannot be reached. */
export const SILENT_AFTER_MS = 3_000;

export const NOTHING_SAID: ReplyProgress = { text: "", dreams: [], stopped: false, ended: false };

/** The progress of a reply after an event. */
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

/** The events of a complete reply. */
export function eventsOf({ content, dreams }: { content: string; dreams: CreatedDream[] }): ReplyEvent[] {
  return eventsBetween(NOTHING_SAID, { ...NOTHING_SAID, text: content, dreams });
}

/** The events that lead from one state of a reply to a later one, or to a state of another attempt. */
export function eventsBetween(before: ReplyProgress, now: ReplyProgress): ReplyEvent[] {
  const goesOn = now.text.startsWith(before.text) && now.dreams.length >= before.dreams.length;
  if (!goesOn) return [{ type: "restart" }, ...eventsBetween(NOTHING_SAID, now)];
  const delta = now.text.slice(before.text.length);
  return [
    ...(delta === "" ? [] : [{ type: "text" as const, delta }]),
    ...now.dreams.slice(before.dreams.length).map((dream) => ({ type: "dream" as const, dream })),
  ];
}
