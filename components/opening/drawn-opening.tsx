import { useInfiniteQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { flattenMessages } from "@/components/conversation/entries/message-pages";
import { usePageState } from "@/components/conversation/state/page-state";
import { flattenItems } from "@/components/lists/item-pages";
import { useRemovedIds } from "@/components/lists/removals";
import { dreamsQuery, messagesQuery, reflectionsQuery, sessionsQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { IconButton } from "@/components/ui/button";
import { useSpeech } from "@/components/words/words";
import type { Known } from "./opening";
import { openingsFrom, openingWords } from "./opening";

interface DrawnOpeningProps {
  sessionId: string;
  onBegin: (words: string) => void;
}

/** A way to begin that is drawn from what the person has said and written. No model takes part in it. */
export default function DrawnOpening({ sessionId, onBegin }: DrawnOpeningProps) {
  const { dismissals } = usePageState();
  const known = useKnown(sessionId);
  const [now] = useState(() => new Date());
  const [dismissed, setDismissed] = useState(false);
  const speech = useSpeech();
  if (known === null || dismissed) return null;
  const opening = openingsFrom(known, now).find(({ key }) => !dismissals.has(key));
  if (opening === undefined) return null;
  const { offer, begin } = openingWords(opening, now, speech);

  function dismiss(key: string) {
    dismissals.add(key);
    setDismissed(true);
  }

  return (
    <section
      aria-label={speech.words.opening.label}
      data-testid="drawn-opening"
      className="flex animate-settle items-start gap-1 rounded-2xl border border-line bg-sheet p-1.5 text-start"
    >
      <button
        type="button"
        dir="auto"
        onClick={() => onBegin(begin)}
        className="min-h-11 flex-1 rounded-xl px-3 py-2 text-start font-serif leading-7 transition-colors [overflow-wrap:anywhere] hover:bg-shade"
      >
        {offer}
      </button>
      <IconButton label={speech.words.opening.dismiss} onClick={() => dismiss(opening.key)} className="size-11">
        <X aria-hidden />
      </IconButton>
    </section>
  );
}

/** What the lists hold that other pages show as well; null until all of it is known. */
function useKnown(sessionId: string): Known | null {
  const { client } = trpc.useUtils();
  const removed = useRemovedIds();
  const dreams = useInfiniteQuery(dreamsQuery(client, "active"));
  const reflections = useInfiniteQuery(reflectionsQuery(client));
  const active = useInfiniteQuery(sessionsQuery(client, "active"));
  const archived = useInfiniteQuery(sessionsQuery(client, "archived"));
  const last = [active.data, archived.data]
    .flatMap((pages) => (pages === undefined ? [] : flattenItems(pages)))
    .filter((session) => isAnother(session) && session.messageCount > 0)
    .toSorted((one, other) => other.lastMessageAt.localeCompare(one.lastMessageAt))
    .at(0);
  const messages = useInfiniteQuery({ ...messagesQuery(client, last?.id ?? ""), enabled: last !== undefined });

  function isAnother({ id }: { id: string }): boolean {
    return id !== sessionId && !removed.has(id);
  }

  if (dreams.data === undefined || reflections.data === undefined) return null;
  if (active.data === undefined || archived.data === undefined) return null;
  if (last !== undefined && messages.data === undefined) return null;
  return {
    dreams: flattenItems(dreams.data).filter(isAnother),
    reflections: flattenItems(reflections.data).filter(isAnother),
    last: last && messages.data ? { session: last, messages: flattenMessages(messages.data) } : null,
  };
}
