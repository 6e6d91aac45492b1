import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useCallback, useState } from "react";
import { describeError } from "@/components/trpc/describe-error";
import { trpc } from "@/components/trpc/trpc";
import { useToast } from "@/components/ui/toasts";
import { NO_MESSAGES } from "../conversation/message-pages";
import { messagesQuery } from "../conversation/messages-query";
import { newId } from "../new-id";
import { useWarmContext } from "../use-warm-context";
import { withSession } from "./session-pages";
import { useSessionLists } from "./use-session-lists";

/** Opens a new conversation; its context is being built while the page changes. */
export function useCreateSession() {
  const utils = trpc.useUtils();
  const queryClient = useQueryClient();
  const lists = useSessionLists();
  const router = useRouter();
  const toast = useToast();
  const warmContext = useWarmContext();
  const [creating, setCreating] = useState(false);

  const create = useCallback(async () => {
    const id = newId();
    setCreating(true);
    try {
      const session = await utils.client.sessions.create.mutate({ id });
      // Only now: creating the session outdates the totals that the context tells of.
      warmContext(id);
      utils.sessions.get.setData({ sessionId: id }, session);
      queryClient.setQueryData(messagesQuery(utils.client, id).queryKey, NO_MESSAGES);
      await lists.change((pages, status) => (status === "active" ? withSession(pages, session) : pages));
      router.push(`/clarify/${id}`);
    } catch (error) {
      toast({ text: describeError(error).message, urgent: true });
    } finally {
      setCreating(false);
    }
  }, [utils, queryClient, lists, router, toast, warmContext]);

  return { create, creating };
}
