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

/** Sends a message, for the first time or again with its id, and sees its reply through to the end. */
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
            // The first news of a reply says that the message is stored; and what was stopped is not to start again by itself.
            if (type !== "failure") outbox.remove(sessionId, id);
          },
        }),
      );
    },
    [sessionId, outbox, client, follow],
  );
}

/** Goes on with the last reply of a conversation, where it ended early. */
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
 * Answers the last message again, as it stands (`content` is null) or in other words. Resolves with whether that came to an
 * answer, or to the beginning of one.
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
 * Sends a message unless another tab is at it, whose outbox is the same. Browsers have locks in secure contexts only; without
 * them both tabs send it, and the server stores and answers it once.
 */
async function inOneTab(id: string, send: () => Promise<unknown>): Promise<void> {
  if (!("locks" in navigator)) {
    await send();
    return;
  }
  await navigator.locks.request(`clarify:send:${id}`, { ifAvailable: true }, (lock) => (lock === null ? null : send()));
}

/** Where this browser is, by its IANA name. Asked anew each time: people travel with a page open. */
function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
