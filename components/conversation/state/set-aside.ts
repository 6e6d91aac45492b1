import type { DraftStore } from "./draft-store";
import type { Outbox } from "./outbox";

/** Moves the unsent messages of a conversation that is being removed into its draft, so that they are not sent, nor lost. */
export function setAside({ drafts, outbox }: { drafts: DraftStore; outbox: Outbox }, sessionId: string): void {
  const words = [...outbox.read(sessionId).map(({ content }) => content), drafts.read(sessionId)];
  outbox.removeAll(sessionId);
  drafts.write(sessionId, words.filter((text) => text.trim() !== "").join("\n\n"));
}
