import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useCallback, useEffect } from "react";
import { useNewConversation } from "@/components/conversation/state/use-new-conversation";
import { dreamsQuery, messagesQuery, reflectionsQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { createWarmContext, mayWarm } from "@/server/context/react";
import type { Voice } from "@/server/conversation/voice";
import { warmPrompt } from "./prompt";

/** Returns a function that builds a conversation's context before a message needs it. */
export const useWarmContext = createWarmContext(() => trpc.useUtils().clarifyContext);

/** Returns a function that fetches everything on a conversation's page before the person opens it. */
export function useWarmSession(): (sessionId: string) => void {
  const utils = trpc.useUtils();
  const queryClient = useQueryClient();
  const warmContext = useWarmContext();
  return useCallback(
    (sessionId) => {
      warmContext({ sessionId });
      if (!mayWarm()) return;
      void queryClient.prefetchInfiniteQuery(messagesQuery(utils.client, sessionId));
      void utils.sessions.get.prefetch({ sessionId });
    },
    [utils, queryClient, warmContext],
  );
}

/**
 * Keeps the next message's needs warm: the context when the person returns to the tab, and both the context and the
 * model's prompt while they write. Call the returned function at every keystroke. It makes a request only when the last
 * result is old.
 */
export function useWarmWhileTyping(sessionId: string, voice: Voice["kind"]): () => void {
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const warmContext = useWarmContext();
  const isNew = useNewConversation(sessionId) !== null;

  useEffect(() => {
    const returned = () => warmContext({ sessionId });
    document.addEventListener("visibilitychange", returned);
    return () => document.removeEventListener("visibilitychange", returned);
  }, [sessionId, warmContext]);

  return useCallback(() => {
    warmContext({ sessionId });
    if (voice === "model" && mayWarm()) warmPrompt(queryClient, client, sessionId, isNew);
  }, [sessionId, voice, isNew, client, queryClient, warmContext]);
}

/** Returns a function that fetches the data of a main page before the person opens it. */
export function useWarmPage(): (page: "clarify" | "dreams" | "reflections") => void {
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const router = useRouter();
  return useCallback(
    (page) => {
      if (!mayWarm()) return;
      router.prefetch(`/${page}`);
      if (page === "dreams") void queryClient.prefetchInfiniteQuery(dreamsQuery(client, "active"));
      if (page === "reflections") void queryClient.prefetchInfiniteQuery(reflectionsQuery(client));
    },
    [client, queryClient, router],
  );
}
