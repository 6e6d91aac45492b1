import { useInfiniteQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useCallback, useRef } from "react";
import { EarlierButton } from "@/components/lists/earlier-button";
import { flattenItems, withoutItem } from "@/components/lists/item-pages";
import { useRemoval, useRemovedIds } from "@/components/lists/removals";
import { SessionLink } from "@/components/navigation/session-link";
import { LoadFailure } from "@/components/trpc/load-failure";
import { patternsQuery } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { IconButton } from "@/components/ui/button";
import { dayOfMoment } from "@/components/ui/days";
import { CardsSkeleton } from "@/components/ui/skeleton";
import { useFocusById } from "@/components/ui/use-focus-by-id";
import { useSpeech } from "@/components/words/words";
import type { Pattern } from "@/server/patterns/router";

/** What the mirror noticed across conversations; whatever is not so, the person removes. Renders in the browser only. */
export function PatternList() {
  const { client } = trpc.useUtils();
  const query = useInfiniteQuery(patternsQuery(client));
  const removed = useRemovedIds();
  const remove = useRemovePattern();
  const speech = useSpeech();
  const { words, fill } = speech;
  const list = useRef<HTMLUListElement>(null);
  const focus = useFocusById<HTMLLIElement>();

  if (query.data === undefined) {
    if (query.isPending) return <CardsSkeleton label={words.account.loadingNoticed} />;
    return <LoadFailure query={query} />;
  }

  const patterns = flattenItems(query.data).filter(({ id }) => !removed.has(id));

  function removeAt(pattern: Pattern, index: number) {
    const neighbour = patterns[index + 1] ?? patterns[index - 1];
    if (neighbour === undefined) list.current?.focus();
    else focus.on(neighbour.id);
    remove(pattern);
  }

  return (
    <>
      <ul
        ref={list}
        tabIndex={-1}
        aria-label={words.account.patterns}
        className="flex flex-col divide-y divide-line outline-none"
      >
        {patterns.map((pattern, index) => (
          <li
            key={pattern.id}
            ref={focus.holding(pattern.id)}
            tabIndex={-1}
            data-testid="pattern"
            className="flex items-start gap-3 py-3"
          >
            <div className="min-w-0 flex-1">
              <p dir="auto" className="font-serif text-lg leading-8 [overflow-wrap:anywhere]">
                {pattern.content}
              </p>
              <p className="flex flex-wrap gap-x-3 text-ink-soft text-sm leading-6">
                <span>{words.account.kinds[pattern.type]}</span>
                <span>{fill(words.account.strength, { strength: pattern.strength })}</span>
                <span>{fill(words.account.lastSeen, { day: dayOfMoment(pattern.lastSeenAt, speech) })}</span>
                {pattern.sessionId !== null && (
                  <SessionLink sessionId={pattern.sessionId}>{words.account.firstSeen}</SessionLink>
                )}
              </p>
            </div>
            <IconButton
              label={fill(words.account.removePattern, { pattern: pattern.content })}
              title={words.common.remove}
              onClick={() => removeAt(pattern, index)}
            >
              <Trash2 aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      {patterns.length === 0 && <p className="text-ink-soft leading-7">{words.account.noPatterns}</p>}
      <EarlierButton query={query} className="mt-3" />
    </>
  );
}

/** Removes a pattern; for a while it can be taken back. */
function useRemovePattern(): (pattern: Pattern) => void {
  const utils = trpc.useUtils();
  const write = useWriteCached();
  const removeLater = useRemoval();
  return useCallback(
    ({ id }) =>
      removeLater(id, async () => {
        await utils.client.patterns.remove.mutate({ patternId: id });
        write(patternsQuery(utils.client).queryKey, (pages) => pages && withoutItem(pages, id));
        void utils.clarifyContext.get.invalidate();
      }),
    [utils, write, removeLater],
  );
}
