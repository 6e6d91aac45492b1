import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { trpc } from "@/components/trpc/trpc";
import type { Session } from "@/server/sessions/router";
import type { SessionPages } from "./session-pages";
import { sessionsQuery } from "./sessions-query";

type Status = Session["status"];

const STATUSES: readonly Status[] = ["active", "archived"];

/** Changes what is shown of the sessions ahead of the server, and puts it back when the server says no. */
export function useSessionLists() {
  const queryClient = useQueryClient();
  const utils = trpc.useUtils();

  return useMemo(
    () => ({
      /** Applies a change to the loaded lists and returns how to take it back. */
      async change(update: (pages: SessionPages, status: Status) => SessionPages): Promise<() => void> {
        const lists = STATUSES.map((status) => ({ status, key: sessionsQuery(utils.client, status).queryKey }));
        await Promise.all(lists.map(({ key }) => queryClient.cancelQueries({ queryKey: key })));
        const before = lists.map(({ key }) => ({ key, pages: queryClient.getQueryData(key) }));
        for (const { key, status } of lists) {
          queryClient.setQueryData(key, (pages) => pages && update(pages, status));
        }
        return () => {
          for (const { key, pages } of before) queryClient.setQueryData(key, pages);
        };
      },

      /** Fetches again what is on the page, and what the mirror knows of it. */
      refresh(): void {
        void utils.sessions.invalidate();
        void utils.clarifyContext.get.invalidate();
      },
    }),
    [queryClient, utils],
  );
}
