import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { newId } from "@/components/trpc/new-id";
import { messagesQuery, sessionQuery } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { useToast } from "@/components/ui/toasts";
import { useSpeech } from "@/components/words/words";
import type { Pair } from "@/server/conversation/conversation-store";
import type { Message } from "@/server/conversation/events";
import { lastEntryKey } from "../entries/entries";
import { NO_MESSAGES } from "../entries/message-pages";
import type { NewConversation } from "../state/new-conversations";
import { newSession } from "../state/new-conversations";
import { usePageState } from "../state/page-state";
import { againTurn, failureWords, resumeTurn, startTurn } from "../turn/turn";
import { useFollowReply } from "./use-follow-reply";

/** Sends a message, for the first time or again with its id, and follows its reply to the end. */
export function useSendMessage(sessionId: string): (message: { id: string; content: string }) => Promise<void> {
  const { outbox, newConversations } = usePageState();
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const follow = useFollowReply(sessionId);
  const showStored = useShowStored(sessionId);

  return useCallback(
    async ({ id, content }) => {
      const opens = newConversations.read(sessionId);
      const stored = opens === null ? queryClient.getQueryData(messagesQuery(client, sessionId).queryKey) : NO_MESSAGES;
      const turn = startTurn({ id, content, createdAt: new Date().toISOString() }, stored && lastEntryKey(stored));
      outbox.put(sessionId, turn);
      await inOneTab(id, () =>
        follow({
          turn,
          open: (signal) =>
            client.messages.send.mutate(
              { sessionId, id, content, opens: opens && { offRecord: opens.offRecord }, timeZone: ownTimeZone() },
              { signal },
            ),
          onEvent({ type }) {
            // The first event of a reply means that the message is stored. A stopped message must not be sent again
            // automatically.
            if (type !== "failure") outbox.remove(sessionId, id);
            if (type !== "failure" && type !== "stop" && opens !== null) showStored(opens);
          },
        }),
      );
      const left = newConversations.read(sessionId);
      if (left !== null) newConversations.put(sessionId, { ...left, sent: true });
    },
    [sessionId, outbox, newConversations, client, queryClient, follow, showStored],
  );
}

/** The server has a conversation that was new. Its page shows what is stored from now on. */
function useShowStored(sessionId: string): (sent: NewConversation) => void {
  const { newConversations } = usePageState();
  const { client } = trpc.useUtils();
  const write = useWriteCached();
  const showError = useErrorToast();

  return useCallback(
    (sent) => {
      const now = newConversations.read(sessionId);
      if (now === null) return;
      write(messagesQuery(client, sessionId).queryKey, (data) => data ?? NO_MESSAGES);
      write(sessionQuery(client, sessionId).queryKey, (data) => data ?? newSession(sessionId, now));
      newConversations.remove(sessionId);
      // The person may have changed it while the message was on its way.
      const { offRecord } = now;
      if (offRecord !== sent.offRecord) client.sessions.setOffRecord.mutate({ sessionId, offRecord }).catch(showError);
    },
    [sessionId, newConversations, client, write, showError],
  );
}

/** Continues the last reply of a conversation from where it ended early. */
export function useResumeReply(sessionId: string): (beginning: Message) => Promise<void> {
  const { client } = trpc.useUtils();
  const follow = useFollowReply(sessionId);
  const toast = useToast();
  const speech = useSpeech();

  return useCallback(
    async (beginning) => {
      const ended = await follow({
        turn: resumeTurn(beginning),
        open: (signal) =>
          client.messages.resume.mutate({ sessionId, replyId: beginning.id, timeZone: ownTimeZone() }, { signal }),
      });
      if (ended?.failure) toast({ text: failureWords(ended.failure, Date.now(), speech), urgent: true });
    },
    [sessionId, client, follow, toast, speech],
  );
}

/**
 * Answers the last message again, with the same words (`content` is null) or with others. Resolves with whether an
 * answer, or the beginning of one, arrived.
 */
export function useAnswerAgain(sessionId: string): (pair: Pair, content: string | null) => Promise<boolean> {
  const { client } = trpc.useUtils();
  const follow = useFollowReply(sessionId);
  const toast = useToast();
  const speech = useSpeech();

  return useCallback(
    async (pair, content) => {
      const again = { sessionId, messageId: pair.message.id, replyId: newId(), timeZone: ownTimeZone() };
      const ended = await follow({
        turn: againTurn(pair, content ?? pair.message.content),
        open: (signal) =>
          content === null
            ? client.messages.regenerate.mutate(again, { signal })
            : client.messages.edit.mutate({ ...again, content }, { signal }),
      });
      if (ended?.failure) toast({ text: failureWords(ended.failure, Date.now(), speech), urgent: true });
      return ended !== undefined && ended.phase !== "failed";
    },
    [sessionId, client, follow, toast, speech],
  );
}

/**
 * Sends a message unless another tab, which shares the outbox, is sending it. Browsers have locks only in secure
 * contexts; without them both tabs send the message, and the server stores and answers it once.
 */
async function inOneTab(id: string, send: () => Promise<unknown>): Promise<void> {
  if (!("locks" in navigator)) {
    await send();
    return;
  }
  await navigator.locks.request(`clarify:send:${id}`, { ifAvailable: true }, (lock) => (lock === null ? null : send()));
}

/** This browser's time zone, an IANA name. Read at each use, because people travel with a page open. */
function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
