import { useInfiniteQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { EarlierButton } from "@/components/lists/earlier-button";
import { flattenItems } from "@/components/lists/item-pages";
import { useItemToEdit } from "@/components/lists/item-to-edit";
import { useRemovedIds } from "@/components/lists/removals";
import { LoadFailure } from "@/components/trpc/load-failure";
import { patternsQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { CardsSkeleton } from "@/components/ui/skeleton";
import { useFocusById } from "@/components/ui/use-focus-by-id";
import { useSpeech, useWords } from "@/components/words/words";
import type { Pattern } from "@/server/patterns/router";
import { PatternEntry } from "./pattern-entry";
import { usePatternActions } from "./use-pattern-actions";

/** The patterns across the person's conversations, which they can correct or remove. Renders in the browser only. */
export function PatternList() {
  const { client } = trpc.useUtils();
  const query = useInfiniteQuery(patternsQuery(client));
  const removed = useRemovedIds();
  const actions = usePatternActions();
  const { account } = useWords();
  const list = useRef<HTMLUListElement>(null);
  const focus = useFocusById<HTMLLIElement>(query);
  const toEdit = useItemToEdit();

  if (query.data === undefined) {
    if (query.isPending) return <CardsSkeleton label={account.loadingNoticed} />;
    return <LoadFailure query={query} />;
  }

  const patterns = flattenItems(query.data).filter(({ id }) => !removed.has(id));

  function removeAt(pattern: Pattern, index: number) {
    const neighbour = patterns[index + 1] ?? patterns[index - 1];
    if (neighbour === undefined) list.current?.focus();
    else focus.on(neighbour.id);
    actions.remove(pattern);
  }

  return (
    <>
      <ul
        ref={list}
        tabIndex={-1}
        aria-label={account.patterns}
        className="flex flex-col divide-y divide-line outline-none"
      >
        {patterns.map((pattern, index) => (
          <PatternEntry
            key={pattern.id}
            ref={focus.holding(pattern.id)}
            pattern={pattern}
            editingFromStart={pattern.id === toEdit}
            actions={actions}
            onRemove={() => removeAt(pattern, index)}
            onClose={() => focus.on(pattern.id)}
          />
        ))}
      </ul>
      <LearningNotice />
      {patterns.length === 0 && <p className="text-ink-soft leading-7">{account.noPatterns}</p>}
      <EarlierButton query={query} className="mt-3" />
    </>
  );
}

/** A notice that no patterns are looked for, and why. */
function LearningNotice() {
  const { data } = trpc.patterns.learning.useQuery(undefined, { staleTime: Number.POSITIVE_INFINITY });
  const { words, fill } = useSpeech();
  if (data === undefined || data === "ready") return null;
  const why = data === "no-model" ? words.account.noModel : words.account.noKey;
  return (
    <p data-testid="learning-notice" className="rounded-xl bg-shade px-4 py-2.5 text-sm leading-6">
      {fill(words.account.notLearning, { why })}
    </p>
  );
}
