import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { newId } from "@/components/trpc/new-id";
import { useReachability } from "@/components/trpc/provider";
import { useToast } from "@/components/ui/toasts";
import { useWarmContext } from "@/components/warm/use-warm";
import { useWords } from "@/components/words/words";

/**
 * Opens the conversation in which nothing was said yet, with the draft in it, or a new one. Its context is built while
 * the page changes. The server gets it with its first message.
 * @param how `replace`: the page that opens it is not one to go back to
 */
export function useOpenConversation(how: "push" | "replace" = "push"): () => void {
  const { newConversations, outbox, turns } = usePageState();
  const reachability = useReachability();
  const router = useRouter();
  const toast = useToast();
  const { failure } = useWords();
  const warmContext = useWarmContext();

  return useCallback(() => {
    // Without a server, the page could not be loaded.
    if (!reachability.reachable()) return toast({ text: failure.codes.OFFLINE, urgent: true });
    const isUnused = (id: string) =>
      newConversations.read(id)?.sent === false && outbox.read(id).length === 0 && turns.get(id).turns.length === 0;
    const id = newConversations.ids().find(isUnused) ?? newId();
    if (newConversations.read(id) === null) {
      newConversations.put(id, { offRecord: false, createdAt: new Date().toISOString(), sent: false });
    }
    warmContext({ sessionId: id });
    router[how](`/clarify/${id}`);
  }, [how, newConversations, outbox, turns, reachability, router, toast, failure, warmContext]);
}
