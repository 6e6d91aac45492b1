import { useRouter } from "next/navigation";
import { useCallback, useState } from "react";
import { NO_MESSAGES } from "@/components/conversation/entries/message-pages";
import { newId } from "@/components/trpc/new-id";
import { messagesQuery } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { useWarmContext } from "@/components/warm/use-warm";
import { useSessionLists } from "./use-session-lists";

/** Opens a new conversation. Its context is built while the page changes. */
export function useCreateSession() {
  const utils = trpc.useUtils();
  const write = useWriteCached();
  const lists = useSessionLists();
  const router = useRouter();
  const showError = useErrorToast();
  const warmContext = useWarmContext();
  const [creating, setCreating] = useState(false);

  const create = useCallback(async () => {
    const id = newId();
    setCreating(true);
    try {
      const session = await utils.client.sessions.create.mutate({ id });
      // Not earlier, because creating the session outdates the totals in the context.
      warmContext({ sessionId: id });
      lists.show(session);
      write(messagesQuery(utils.client, id).queryKey, () => NO_MESSAGES);
      router.push(`/clarify/${id}`);
    } catch (error) {
      showError(error);
    } finally {
      setCreating(false);
    }
  }, [utils, write, lists, router, showError, warmContext]);

  return { create, creating };
}
