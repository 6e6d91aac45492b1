import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { messagesQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { usePageState } from "../state/page-state";

/** Stops the reply that is under way in a conversation, wherever it was begun, and shows what was stored of it. */
export function useStopReply(sessionId: string): () => void {
  const { turns } = usePageState();
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const showError = useErrorToast();

  return useCallback(() => {
    turns.stop(sessionId, async (turn) => {
      try {
        await client.messages.stop.mutate({ sessionId, messageId: turn.resumes?.id ?? turn.id });
      } catch (error) {
        // It is still being written, so it is shown again.
        turns.withdraw(sessionId, turn.id);
        showError(error);
      }
      await queryClient.invalidateQueries({ queryKey: messagesQuery(client, sessionId).queryKey });
    });
  }, [sessionId, turns, client, queryClient, showError]);
}
