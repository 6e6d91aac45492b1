import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { newId } from "@/components/trpc/new-id";
import { useReachability } from "@/components/trpc/provider";
import { useToast } from "@/components/ui/toasts";
import { useWarmContext } from "@/components/warm/use-warm";
import { useWords } from "@/components/words/words";

/**
 * Opens the conversation in which nothing was said yet, with the draft in it, or a new one. With `words`, they are in its
 * composer, and a conversation with another draft stays as it is. Its context is built while the page changes. The server
 * gets it with its first message.
 * @param how `replace`: the page that opens it is not one to go back to
 */
export function useOpenConversation(how: "push" | "replace" = "push"): (words?: string) => void {
  const { newConversations, outbox, turns, drafts } = usePageState();
  const reachability = useReachability();
  const router = useRouter();
  const toast = useToast();
  const { failure } = useWords();
  const warmContext = useWarmContext();

  return useCallback(
    (words) => {
      // Without a server, the page could not be loaded.
      if (!reachability.reachable()) return toast({ text: failure.codes.OFFLINE, urgent: true });
      const isUnused = (id: string) =>
        newConversations.read(id)?.sent === false && outbox.read(id).length === 0 && turns.get(id).turns.length === 0;
      const hasRoom = (id: string) => words === undefined || ["", words].includes(drafts.read(id));
      const id = newConversations.ids().find((known) => isUnused(known) && hasRoom(known)) ?? newId();
      if (newConversations.read(id) === null) {
        newConversations.put(id, { offRecord: false, createdAt: new Date().toISOString(), sent: false });
      }
      if (words !== undefined) drafts.write(id, words);
      warmContext({ sessionId: id });
      router[how](`/clarify/${id}`);
    },
    [how, newConversations, outbox, turns, drafts, reachability, router, toast, failure, warmContext],
  );
}
