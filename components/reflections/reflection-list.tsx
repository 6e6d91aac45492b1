import { useInfiniteQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { EarlierButton } from "@/components/lists/earlier-button";
import { flattenItems } from "@/components/lists/item-pages";
import { useItemToEdit } from "@/components/lists/item-to-edit";
import { useRemovedIds } from "@/components/lists/removals";
import { useOpenConversation } from "@/components/sessions/use-open-conversation";
import { LoadFailure } from "@/components/trpc/load-failure";
import { reflectionsQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { CardsSkeleton } from "@/components/ui/skeleton";
import { useFocusById } from "@/components/ui/use-focus-by-id";
import { useSpeech } from "@/components/words/words";
import type { Dream } from "@/server/dreams/dream";
import { aboutReflection } from "./about-reflection";
import { ReflectionEntry } from "./reflection-entry";
import type { ReflectionActions } from "./use-reflection-actions";

interface ReflectionListProps {
  actions: ReflectionActions;
  dreams: readonly Dream[];
}

/** The person's reflections, newest first. Renders in the browser only. */
export function ReflectionList({ actions, dreams }: ReflectionListProps) {
  const { client } = trpc.useUtils();
  const query = useInfiniteQuery(reflectionsQuery(client));
  const removed = useRemovedIds();
  const speech = useSpeech();
  const { reflections: words } = speech.words;
  const open = useOpenConversation();
  const list = useRef<HTMLUListElement>(null);
  const focus = useFocusById<HTMLLIElement>(query);
  const toEdit = useItemToEdit();

  if (query.data === undefined) {
    if (query.isPending) return <CardsSkeleton label={words.loading} />;
    return <LoadFailure query={query} />;
  }

  const reflections = flattenItems(query.data).filter(({ id }) => !removed.has(id));

  function removeAt(index: number) {
    const [removing] = reflections.slice(index);
    const neighbour = reflections[index + 1] ?? reflections[index - 1];
    if (neighbour === undefined) list.current?.focus();
    else focus.on(neighbour.id);
    if (removing !== undefined) actions.remove(removing);
  }

  return (
    <>
      <ul ref={list} tabIndex={-1} aria-label={words.title} className="flex flex-col gap-10 outline-none">
        {reflections.map((reflection, index) => (
          <ReflectionEntry
            key={reflection.id}
            ref={focus.holding(reflection.id)}
            reflection={reflection}
            editing={reflection.id === toEdit}
            dreams={dreams}
            actions={actions}
            onTalk={() => open(aboutReflection(reflection, speech))}
            onClose={() => focus.on(reflection.id)}
            onRemove={() => removeAt(index)}
          />
        ))}
      </ul>
      {reflections.length === 0 && (
        <p className="max-w-md text-pretty py-6 font-serif text-ink-soft text-lg leading-8">{words.none}</p>
      )}
      <EarlierButton query={query} className="mt-6" />
    </>
  );
}
