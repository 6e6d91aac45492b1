"use client";

import { useCallback } from "react";
import { currentSurroundings, mayWarm, WARM_FOR_MS } from "@/components/warm/policy";
import { trpc } from "./trpc";

/** Returns a function that has a conversation's context ready before it is asked for. */
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
