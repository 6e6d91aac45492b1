import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { trpc } from "@/components/trpc/trpc";
import { messagesQuery } from "./conversation/messages-query";
import { currentSurroundings, mayWarm, WARM_FOR_MS } from "./warm-policy";

/**
 * Returns a function that has a conversation's context and messages ready before they are asked for. Calling it again
 * costs nothing while a request for the same is under way, or its answer is recent.
 */
export function useWarmContext(): (sessionId: string) => void {
  const utils = trpc.useUtils();
  const queryClient = useQueryClient();
  return useCallback(
    (sessionId) => {
      if (!mayWarm(currentSurroundings())) return;
      void utils.clarifyContext.get.prefetch({ sessionId }, { staleTime: WARM_FOR_MS });
      void queryClient.prefetchInfiniteQuery(messagesQuery(utils.client, sessionId));
      void utils.sessions.get.prefetch({ sessionId });
    },
    [utils, queryClient],
  );
}
