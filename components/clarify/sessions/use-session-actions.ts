import { useMemo } from "react";
import { describeError } from "@/components/trpc/describe-error";
import { trpc } from "@/components/trpc/trpc";
import { useToast } from "@/components/ui/toasts";
import type { Session } from "@/server/sessions/router";
import { usePageState } from "../page-state";
import type { SessionPages } from "./session-pages";
import { patchSession, withoutSession, withSession } from "./session-pages";
import { useRemoval } from "./use-removal";
import { useSessionLists } from "./use-session-lists";

/** What can be done with a session. Each shows at once, and is taken back when the server refuses it. */
export function useSessionActions() {
  const utils = trpc.useUtils();
  const lists = useSessionLists();
  const toast = useToast();
  const removeLater = useRemoval();
  const { drafts, outbox } = usePageState();

  return useMemo(() => {
    async function act(changed: Session, save: () => Promise<unknown>, update: (pages: SessionPages) => SessionPages) {
      const { sessionId } = { sessionId: changed.id };
      const takeBack = await lists.change((pages, status) =>
        status === changed.status ? update(pages) : withoutSession(pages, sessionId),
      );
      const before = utils.sessions.get.getData({ sessionId });
      utils.sessions.get.setData({ sessionId }, changed);
      try {
        await save();
      } catch (error) {
        takeBack();
        utils.sessions.get.setData({ sessionId }, before);
        toast({ text: describeError(error).message, urgent: true });
      }
      lists.refresh();
    }

    function rename(session: Session, title: string) {
      const changed = { ...session, title };
      const save = () => utils.client.sessions.rename.mutate({ sessionId: session.id, title });
      return act(changed, save, (pages) => patchSession(pages, session.id, { title }));
    }

    function restore(session: Session) {
      const changed: Session = { ...session, status: "active" };
      const save = () => utils.client.sessions.restore.mutate({ sessionId: session.id });
      return act(changed, save, (pages) => withSession(pages, changed));
    }

    function archive(session: Session) {
      const changed: Session = { ...session, status: "archived" };
      const save = () => utils.client.sessions.archive.mutate({ sessionId: session.id });
      toast({ text: "Archived.", action: { label: "Undo", run: () => void restore(changed) } });
      return act(changed, save, (pages) => withSession(pages, changed));
    }

    function remove(session: Session) {
      const { id } = session;
      removeLater(id, async () => {
        try {
          await utils.client.sessions.remove.mutate({ sessionId: id });
          drafts.write(id, "");
          outbox.removeAll(id);
          await lists.change((pages) => withoutSession(pages, id));
        } finally {
          lists.refresh();
        }
      });
    }

    return { rename, archive, restore, remove };
  }, [utils, lists, toast, removeLater, drafts, outbox]);
}
