import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { trpc } from "@/components/trpc/trpc";
import { usePageState } from "../page-state";
import { warmPrompt } from "../prompt-warmth";
import { useWarmContext } from "../use-warm-context";
import { currentSurroundings, mayWarm } from "../warm-policy";

/**
 * Keeps what the next message needs warm: its context when the person returns to the tab, and that and the model's prompt
 * once they write. To be called at every keystroke; only the first after a while asks for anything.
 */
export function useWarmWhileTyping(sessionId: string): () => void {
  const { voice } = usePageState();
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const warmContext = useWarmContext();

  useEffect(() => {
    const returned = () => warmContext(sessionId);
    document.addEventListener("visibilitychange", returned);
    return () => document.removeEventListener("visibilitychange", returned);
  }, [sessionId, warmContext]);

  return useCallback(() => {
    warmContext(sessionId);
    if (voice === "model" && mayWarm(currentSurroundings())) warmPrompt(queryClient, client, sessionId);
  }, [sessionId, voice, client, queryClient, warmContext]);
}
