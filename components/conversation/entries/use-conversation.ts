import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import { messagesQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { useWords } from "@/components/words/words";
import { usePageState } from "../state/page-state";
import { useNewConversation } from "../state/use-new-conversation";
import type { LiveConversation } from "../turn/turn-store";
import { conversationEntries, storedEntries } from "./entries";
import { flattenMessages, NO_MESSAGES } from "./message-pages";

/** The turns of a conversation, and the context of its latest reply. */
export function useLiveConversation(sessionId: string): LiveConversation {
  const { turns } = usePageState();
  return useSyncExternalStore(
    turns.subscribe,
    () => turns.get(sessionId),
    () => turns.get(sessionId),
  );
}

/** A conversation's entries, stored and live, whether they are known, and the query behind the stored ones. */
export function useConversation(sessionId: string) {
  const { client } = trpc.useUtils();
  const isNew = useNewConversation(sessionId) !== null;
  const query = useInfiniteQuery({ ...messagesQuery(client, sessionId), enabled: !isNew });
  const live = useLiveConversation(sessionId);
  const { conversation: words } = useWords();

  const data = isNew ? NO_MESSAGES : query.data;
  const messages = useMemo(() => (data === undefined ? [] : flattenMessages(data)), [data]);
  const stored = useMemo(() => storedEntries(messages, words), [messages, words]);
  const entries = useMemo(
    () => conversationEntries(stored, messages, live.turns, words),
    [stored, messages, live.turns, words],
  );
  return { query, isKnown: data !== undefined, messages, entries, latestTurn: live.turns.at(-1) };
}
