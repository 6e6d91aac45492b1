import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { EarlierButton } from "@/components/lists/earlier-button";
import { flattenItems } from "@/components/lists/item-pages";
import { useRemovedIds } from "@/components/lists/removals";
import { LoadFailure } from "@/components/trpc/load-failure";
import { messageSearchQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { Excerpt } from "@/components/ui/excerpt";
import { useNow } from "@/components/ui/use-now";
import { useSettled } from "@/components/ui/use-settled";
import { useWarmSession } from "@/components/warm/use-warm";
import { useSpeech, useWords } from "@/components/words/words";
import { onIntent } from "@/server/context/react";
import type { FoundMessage } from "@/server/sessions/search-messages";
import { activityWords } from "./session-words";

/** How long typing must pause before the server is asked, in milliseconds. */
const PAUSE_MS = 250;

interface FoundMessagesProps {
  search: string;
  onLeave: () => void;
}

/** The messages of all conversations that a search finds; nothing without a search. */
export function FoundMessages({ search, onLeave }: FoundMessagesProps) {
  const settled = useSettled(search.trim(), PAUSE_MS);
  const { sessions } = useWords();
  if (search.trim() === "" || settled === "") return null;
  return (
    <section aria-labelledby="found-messages" className="mt-4">
      <h2 id="found-messages" className="px-3 pb-1 font-medium font-sans text-ink-soft text-xs">
        {sessions.inMessages}
      </h2>
      <Hits search={settled} onLeave={onLeave} />
    </section>
  );
}

function Hits({ search, onLeave }: FoundMessagesProps) {
  const { client } = trpc.useUtils();
  const query = useInfiniteQuery({ ...messageSearchQuery(client, search), placeholderData: keepPreviousData });
  const removed = useRemovedIds();
  const now = new Date(useNow(30_000));
  const { sessions } = useWords();

  if (query.data === undefined) {
    if (query.isError) return <LoadFailure query={query} className="px-3 py-2 text-sm" />;
    return <Status>{sessions.searching}</Status>;
  }
  const hits = flattenItems(query.data).filter(({ session }) => !removed.has(session.id));
  if (hits.length === 0) return <Status>{query.isFetching ? sessions.searching : sessions.noMessage}</Status>;
  return (
    <>
      <ul className="flex flex-col gap-0.5">
        {hits.map((hit) => (
          <Hit key={hit.id} hit={hit} now={now} onLeave={onLeave} />
        ))}
      </ul>
      <EarlierButton query={query} className="mt-1" />
    </>
  );
}

function Status({ children }: { children: string }) {
  return (
    <p role="status" className="px-3 py-2 text-ink-soft text-sm leading-6">
      {children}
    </p>
  );
}

/** A message that was found, with a link to it in its conversation. */
function Hit({ hit, now, onLeave }: { hit: FoundMessage; now: Date; onLeave: () => void }) {
  const { id, session, role, excerpt, createdAt } = hit;
  const warm = useWarmSession();
  const speech = useSpeech();
  const { sessions } = speech.words;
  return (
    <li data-testid="found-message">
      <Link
        href={`/clarify/${session.id}?message=${id}`}
        prefetch={false}
        {...onIntent(() => warm(session.id))}
        onClick={onLeave}
        data-session-link
        className="block rounded-xl px-3 py-2 transition-colors hover:bg-shade/60"
      >
        <span dir="auto" className="line-clamp-3 text-sm text-page-start leading-6 [overflow-wrap:anywhere]">
          <Excerpt parts={excerpt} />
        </span>
        <span className="block truncate text-ink-soft text-xs leading-5">
          {role === "user" ? sessions.you : "Clarify"} · <bdi>{session.title ?? sessions.untitled}</bdi>
          {session.archived && ` · ${sessions.archived}`} ·{" "}
          <time dateTime={createdAt}>{activityWords(createdAt, now, speech)}</time>
        </span>
      </Link>
    </li>
  );
}
