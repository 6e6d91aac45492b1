import type { InfiniteData } from "@tanstack/react-query";
import type { Message } from "@/server/conversation/events";

export interface MessagePage {
  /** Oldest first. */
  items: Message[];
  nextCursor: string | null;
}

export type MessagePages = InfiniteData<MessagePage>;

/** The fetched data of a conversation without messages. */
export const NO_MESSAGES: MessagePages = { pages: [{ items: [], nextCursor: null }], pageParams: [null] };

/** All loaded messages, oldest first. The first page holds the newest. */
export function flattenMessages({ pages }: MessagePages): Message[] {
  return pages.toReversed().flatMap(({ items }) => items);
}

/**
 * Adds new messages after the newest. A message with the same id is replaced, and so is another answer to the same
 * message.
 */
export function appendMessages(data: MessagePages, added: readonly Message[]): MessagePages {
  const ids = new Set(added.map(({ id }) => id));
  const answered = new Set(added.flatMap(({ replyTo }) => replyTo ?? []));
  const [newest, ...older] = data.pages.map((page) => ({
    ...page,
    items: page.items.filter(({ id, replyTo }) => !ids.has(id) && (replyTo === null || !answered.has(replyTo))),
  }));
  if (newest === undefined) return data;
  return { ...data, pages: [{ ...newest, items: [...newest.items, ...added] }, ...older] };
}
