import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { messagesQuery } from "@/components/trpc/queries";
import { writeCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import type { Pair } from "@/server/conversation/conversation-store";
import { addMessages } from "../entries/message-pages";
import { usePageState } from "../state/page-state";

/** Chooses one of the answers to the last message of a conversation, by its number. */
export function useChooseAnswer(sessionId: string): (pair: Pair, variant: number) => Promise<void> {
  const { turns } = usePageState();
  const utils = trpc.useUtils();
  const queryClient = useQueryClient();
  const showError = useErrorToast();

  return useCallback(
    async ({ message: { id: messageId } }, variant) => {
      const { queryKey } = messagesQuery(utils.client, sessionId);
      try {
        const { message, reply } = await utils.client.messages.choose.mutate({ sessionId, messageId, variant });
        writeCached(queryClient, queryKey, (data) => data && addMessages(data, [message, reply]));
        // A turn of this visit must not hide the chosen answer.
        turns.withdraw(sessionId, messageId);
        void utils.sessions.invalidate();
        void utils.clarifyContext.get.invalidate();
      } catch (error) {
        showError(error);
        // Another tab may have continued the conversation.
        void queryClient.invalidateQueries({ queryKey });
      }
    },
    [sessionId, turns, utils, queryClient, showError],
  );
}
