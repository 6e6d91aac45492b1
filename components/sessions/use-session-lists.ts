import { useMemo } from "react";
import { withItem, withoutItem } from "@/components/lists/item-pages";
import { sessionQuery, sessionsQuery } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import type { Session } from "@/server/sessions/router";

const STATUSES: readonly Session["status"][] = ["active", "archived"];

/** Changes the shown sessions, before and after the server has answered. */
export function useSessionLists() {
  const utils = trpc.useUtils();
  const write = useWriteCached();

  return useMemo(
    () => ({
      /** Shows a session in the list of its status only, and on its own page. */
      show(session: Session): void {
        for (const status of STATUSES) {
          write(
            sessionsQuery(utils.client, status).queryKey,
            (pages) =>
              pages && (status === session.status ? withItem(pages, session, isNewer) : withoutItem(pages, session.id)),
          );
        }
        write(sessionQuery(utils.client, session.id).queryKey, () => session);
      },

      hide(id: string): void {
        for (const status of STATUSES) {
          write(sessionsQuery(utils.client, status).queryKey, (pages) => pages && withoutItem(pages, id));
        }
      },

      /** Reads the shown sessions and the context again. */
      refresh(): void {
        void utils.sessions.invalidate();
        void utils.clarifyContext.get.invalidate();
      },
    }),
    [utils, write],
  );
}

function isNewer(session: Session, other: Session): boolean {
  return session.lastMessageAt >= other.lastMessageAt;
}
