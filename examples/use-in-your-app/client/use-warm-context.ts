"use client";

import { useCallback } from "react";
import { currentSurroundings, mayWarm, WARM_FOR_MS } from "@/components/warm/policy";
import { trpc } from "./trpc";

/** Returns a function that has a meeting's context ready before it is asked for. */
export function useWarmContext(): (meetingId: string) => void {
  const utils = trpc.useUtils();
  return useCallback(
    (meetingId) => {
      if (!mayWarm(currentSurroundings())) return;
      void utils.clarifyContext.get.prefetch({ meetingId }, { staleTime: WARM_FOR_MS });
    },
    [utils],
  );
}
