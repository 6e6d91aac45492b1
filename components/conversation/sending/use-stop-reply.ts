import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { describeError } from "@/components/trpc/errors";
import { messagesQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { useToast } from "@/components/ui/toasts";
import { useWords } from "@/components/words/words";
import { usePageState } from "../state/page-state";

/** Stops the reply that is under way in a conversation, wherever it was begun, and shows what was stored of it. */
export function useStopReply(sessionId: string): () => void {
  const { turns } = usePageState();
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const toast = useToast();
  const words = useWords();

  return useCallback(() => {
    turns.stop(sessionId, async (turn) => {
      try {
        await client.messages.stop.mutate({ sessionId, messageId: turn.resumes?.id ?? turn.id });
      } catch (error) {
        // It is still being written, so it is shown again.
        turns.withdraw(sessionId, turn.id);
        toast({ text: describeError(error, words).message, urgent: true });
      }
      await queryClient.invalidateQueries({ queryKey: messagesQuery(client, sessionId).queryKey });
    });
  }, [sessionId, turns, client, queryClient, toast, words]);
}
