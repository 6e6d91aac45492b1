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
 * Adds messages that were stored: a known one is replaced, and so is another answer to the same message. A reply stands
 * behind its message, and anything else at the end.
 */
export function addMessages(data: MessagePages, added: readonly Message[]): MessagePages {
  return added.reduce(addMessage, data);
}

function addMessage(data: MessagePages, message: Message): MessagePages {
  const { id, replyTo } = message;
  const replaced = mapPageWith(
    data,
    (item) => item.id === id || (replyTo !== null && item.replyTo === replyTo),
    (items, at) => items.with(at, message),
  );
  if (replaced !== null) return replaced;
  const behind = mapPageWith(
    data,
    (item) => item.id === replyTo,
    (items, at) => items.toSpliced(at + 1, 0, message),
  );
  if (behind !== null) return behind;
  const [newest, ...older] = data.pages;
  if (newest === undefined) return data;
  return { ...data, pages: [{ ...newest, items: [...newest.items, message] }, ...older] };
}

/** Changes the page that holds the item; null if none does. */
function mapPageWith(
  data: MessagePages,
  isMeant: (item: Message) => boolean,
  change: (items: Message[], at: number) => Message[],
): MessagePages | null {
  const index = data.pages.findIndex(({ items }) => items.some(isMeant));
  const page = data.pages[index];
  if (page === undefined) return null;
  return {
    ...data,
    pages: data.pages.with(index, { ...page, items: change(page.items, page.items.findIndex(isMeant)) }),
  };
}
