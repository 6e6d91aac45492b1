import { useCallback } from "react";
import { newId } from "@/components/trpc/new-id";
import { trpc } from "@/components/trpc/trpc";
import { useToast } from "@/components/ui/toasts";
import { useSpeech } from "@/components/words/words";
import type { Pair } from "@/server/conversation/conversation-store";
import type { Message } from "@/server/conversation/events";
import { usePageState } from "../state/page-state";
import { againTurn, failureWords, resumeTurn, startTurn } from "../turn/turn";
import { useFollowReply } from "./use-follow-reply";

/** Sends a message, for the first time or again with its id, and follows its reply to the end. */
export function useSendMessage(sessionId: string): (message: { id: string; content: string }) => Promise<void> {
  const { outbox } = usePageState();
  const { client } = trpc.useUtils();
  const follow = useFollowReply(sessionId);

  return useCallback(
    async ({ id, content }) => {
      const turn = startTurn({ id, content, createdAt: new Date().toISOString() });
      outbox.put(sessionId, turn);
      await inOneTab(id, () =>
        follow({
          turn,
          open: (signal) =>
            client.messages.send.mutate({ sessionId, id, content, timeZone: ownTimeZone() }, { signal }),
          onEvent({ type }) {
            // The first event of a reply means that the message is stored. A stopped message must not be sent again
            // automatically.
            if (type !== "failure") outbox.remove(sessionId, id);
          },
        }),
      );
    },
    [sessionId, outbox, client, follow],
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
