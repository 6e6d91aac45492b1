import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { messagesQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { useWarmContext } from "../use-warm-context";
import { currentSurroundings, mayWarm } from "../warm-policy";

/** Returns a function that has everything a conversation's page shows ready before it is opened. */
export function useWarmSession(): (sessionId: string) => void {
  const utils = trpc.useUtils();
  const queryClient = useQueryClient();
  const warmContext = useWarmContext();
  return useCallback(
    (sessionId) => {
      warmContext(sessionId);
      if (!mayWarm(currentSurroundings())) return;
      void queryClient.prefetchInfiniteQuery(messagesQuery(utils.client, sessionId));
      void utils.sessions.get.prefetch({ sessionId });
    },
    [utils, queryClient, warmContext],
  );
}
