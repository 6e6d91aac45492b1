import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useParams } from "next/navigation";
import { useEffect, useMemo } from "react";
import { EarlierButton } from "@/components/lists/earlier-button";
import { flattenItems } from "@/components/lists/item-pages";
import { useRemovedIds } from "@/components/lists/removals";
import { LoadFailure } from "@/components/trpc/load-failure";
import { sessionsQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { classNames } from "@/components/ui/class-names";
import { LINK } from "@/components/ui/link";
import { useNow } from "@/components/ui/use-now";
import type { Words } from "@/components/words/speech";
import { useWords } from "@/components/words/words";
import type { Session } from "@/server/sessions/router";
import { SessionListSkeleton } from "./session-list-skeleton";
import { SessionRow } from "./session-row";
import { searchSessions } from "./session-words";
import { useUnsentSessions } from "./use-unsent-sessions";

interface SessionListProps {
  status: Session["status"];
  search: string;
  onLeave: () => void;
}

/** The person's conversations, newest first. Renders in the browser only. */
export function SessionList({ status, search, onLeave }: SessionListProps) {
  const { client } = trpc.useUtils();
  const query = useInfiniteQuery(sessionsQuery(client, status));
  const removed = useRemovedIds();
  const { sessionId } = useParams<{ sessionId?: string }>();
  const now = new Date(useNow(30_000));
  const { sessions: words } = useWords();
  const searching = search.trim() !== "";

  // All pages are loaded for a search, because searching only the loaded ones would miss conversations.
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (searching && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [searching, hasNextPage, isFetching, isError, fetchNextPage]);

  const { data } = query;
  const unsent = useUnsentSessions();
  const sessions = useMemo(() => {
    const loaded = data === undefined ? [] : flattenItems(data);
    const stored = new Set(loaded.map(({ id }) => id));
    const waiting = status === "active" ? unsent.filter(({ id }) => !stored.has(id)) : [];
    return searchSessions(
      [...waiting, ...loaded].filter(({ id }) => !removed.has(id)),
      search,
      words.untitled,
    );
  }, [data, unsent, status, removed, search, words]);

  if (query.isPending) return <SessionListSkeleton />;
  if (data === undefined) {
    return <LoadFailure query={query} className="px-3 py-2 text-sm" />;
  }
  return (
    <>
      {sessions.length === 0 && (
        <p className="px-3 py-2 text-ink-soft text-sm leading-6">
          {emptyWords(words, status, searching && (isFetching ? "under way" : "over"))}
        </p>
      )}
      <ul className="flex flex-col gap-0.5 empty:hidden">
        {sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            unsent={unsent.includes(session)}
            current={session.id === sessionId}
            now={now}
            onLeave={onLeave}
          />
        ))}
      </ul>
      {!searching && <EarlierButton query={query} className="mt-1" />}
      {status === "archived" && (
        <Link
          href="/account#bin"
          prefetch={false}
          onClick={onLeave}
          className={classNames(LINK, "block px-3 py-2 text-sm")}
        >
          {words.removed}
        </Link>
      )}
    </>
  );
}

function emptyWords(words: Words["sessions"], status: Session["status"], search: "under way" | "over" | false): string {
  if (search !== false) return search === "over" ? words.noneCalled : words.searching;
  return status === "archived" ? words.noneArchived : words.none;
}
