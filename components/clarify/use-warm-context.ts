import { useCallback } from "react";
import { trpc } from "@/components/trpc/trpc";
import { currentSurroundings, mayWarm, WARM_FOR_MS } from "./warm-policy";

/**
 * Returns a function that has a conversation's context ready before it is asked for, on whatever page. Calling it again
 * costs nothing while a request for the same is under way, or its answer is recent.
 */
export function useWarmContext(): (sessionId: string) => void {
  const utils = trpc.useUtils();
  return useCallback(
    (sessionId) => {
      if (!mayWarm(currentSurroundings())) return;
      void utils.clarifyContext.get.prefetch({ sessionId }, { staleTime: WARM_FOR_MS });
    },
    [utils],
  );
}
