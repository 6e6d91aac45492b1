import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { describeError } from "@/components/trpc/describe-error";
import { trpc } from "@/components/trpc/trpc";
import type { Message } from "@/server/conversation/events";
import { usePageState } from "../page-state";
import { batchText } from "./batch-text";
import { appendMessages } from "./message-pages";
import { messagesQuery } from "./messages-query";
import { runTurn } from "./run-turn";
import type { Turn } from "./turn";
import { startTurn } from "./turn";

/** How often a growing reply is drawn. */
const DRAW_EVERY_MS = 50;

/** When to look for what the server kept of a reply that was cut short; it notices a moment after the page does. */
const LOOK_AGAIN_AFTER_MS = [400, 2_000];

/** Sends a message, for the first time or again with its id, and sees its reply through to the end. */
export function useSendMessage(sessionId: string): (message: { id: string; content: string }) => Promise<void> {
  const { turns } = usePageState();
  const utils = trpc.useUtils();
  const queryClient = useQueryClient();

  return useCallback(
    async (message) => {
      const turn = startTurn({ ...message, createdAt: new Date().toISOString() });
      const signal = turns.begin(sessionId, turn);
      await runTurn({
        open: () => utils.client.messages.send.mutate({ sessionId, ...message }, { signal }),
        dispatch: batchText(
          (event) => {
            turns.advance(sessionId, turn.id, event);
            // The message is stored by now: it counts, and the first one names the conversation.
            if (event.type === "context") void utils.sessions.invalidate();
          },
          (flush) => setTimeout(flush, DRAW_EVERY_MS),
        ),
        describe: (error) => describeError(error).message,
        signal,
      });

      const ended = turns.get(sessionId).turns.find(({ id }) => id === turn.id);
      const { queryKey } = messagesQuery(utils.client, sessionId);
      if (ended?.message) {
        const answered = [userMessage(ended), ended.message];
        queryClient.setQueryData(queryKey, (data) => data && appendMessages(data, answered));
      } else {
        for (const delay of LOOK_AGAIN_AFTER_MS) {
          setTimeout(() => void queryClient.invalidateQueries({ queryKey }), delay);
        }
      }
      void utils.sessions.invalidate();
      void utils.clarifyContext.get.invalidate();
    },
    [sessionId, turns, utils, queryClient],
  );
}

function userMessage({ id, content, createdAt }: Turn) {
  return {
    id,
    role: "user",
    content,
    status: "complete",
    replyTo: null,
    model: null,
    dreams: [],
    createdAt,
  } satisfies Message;
}
