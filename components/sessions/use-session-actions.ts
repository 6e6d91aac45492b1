import { useMemo } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { setAside } from "@/components/conversation/state/set-aside";
import { useRemoval } from "@/components/lists/removals";
import { useTaskQueues } from "@/components/trpc/provider";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { useToast } from "@/components/ui/toasts";
import { useWords } from "@/components/words/words";
import type { Session } from "@/server/sessions/router";
import { useSessionLists } from "./use-session-lists";

/** The actions on sessions. Each change shows at once, and is reverted when the server refuses it. */
export function useSessionActions() {
  const utils = trpc.useUtils();
  const lists = useSessionLists();
  const toast = useToast();
  const showError = useErrorToast();
  const words = useWords();
  const removeLater = useRemoval();
  const { enqueue } = useTaskQueues();
  const { drafts, outbox, newConversations } = usePageState();

  return useMemo(() => {
    async function act(before: Session, after: Session, save: () => Promise<unknown>) {
      lists.show(after);
      try {
        const { isLast } = await enqueue(after.id, save);
        // A later change is already shown, and what would be read now is without it.
        if (!isLast) return;
      } catch (error) {
        lists.show(before);
        showError(error);
      }
      lists.refresh();
    }

    function rename(session: Session, title: string) {
      return act(session, { ...session, title }, () =>
        utils.client.sessions.rename.mutate({ sessionId: session.id, title }),
      );
    }

    function restore(session: Session) {
      return act(session, { ...session, status: "active" }, () =>
        utils.client.sessions.restore.mutate({ sessionId: session.id }),
      );
    }

    function archive(session: Session) {
      const archived: Session = { ...session, status: "archived" };
      toast({
        text: words.sessions.archivedNow,
        action: { label: words.common.undo, run: () => void restore(archived) },
      });
      return act(session, archived, () => utils.client.sessions.archive.mutate({ sessionId: session.id }));
    }

    /** Takes a conversation off the record, or puts it back on. */
    async function setOffRecord(session: Session, offRecord: boolean) {
      const begun = newConversations.read(session.id);
      if (begun !== null) return newConversations.put(session.id, { ...begun, offRecord });
      return act(session, { ...session, offRecord }, () =>
        utils.client.sessions.setOffRecord.mutate({ sessionId: session.id, offRecord }),
      );
    }

    function remove(session: Session) {
      const { id } = session;
      removeLater({ kind: "conversation", id }, async () => {
        await enqueue(id, () => utils.client.sessions.remove.mutate({ sessionId: id }));
        setAside({ drafts, outbox }, id);
        lists.hide(id);
      });
    }

    return { rename, archive, restore, setOffRecord, remove };
  }, [utils, lists, enqueue, toast, showError, words, removeLater, drafts, outbox, newConversations]);
}
