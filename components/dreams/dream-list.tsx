import { useInfiniteQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { EarlierButton } from "@/components/lists/earlier-button";
import { flattenItems } from "@/components/lists/item-pages";
import { useItemToEdit } from "@/components/lists/item-to-edit";
import { useRemovedIds } from "@/components/lists/removals";
import { useOpenConversation } from "@/components/sessions/use-open-conversation";
import { LoadFailure } from "@/components/trpc/load-failure";
import { dreamsQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { CardsSkeleton } from "@/components/ui/skeleton";
import { useFocusById } from "@/components/ui/use-focus-by-id";
import { useSpeech } from "@/components/words/words";
import type { Dream } from "@/server/dreams/dream";
import { DreamCard } from "./dream-card";
import { Moment } from "./moment";
import type { DreamActions } from "./use-dream-actions";
import { withStatus } from "./use-dream-actions";

interface PassingMoment {
  /** The dream before the change. */
  dream: Dream;
  status: "achieved" | "released";
  /** Its index in the list. */
  at: number;
}

const NOTHING = { active: "noneActive", achieved: "noneAchieved", released: "noneReleased" } as const;

/** The person's dreams of one status. Renders in the browser only. */
export function DreamList({ status, actions }: { status: Dream["status"]; actions: DreamActions }) {
  const { client } = trpc.useUtils();
  const query = useInfiniteQuery(dreamsQuery(client, status));
  const removed = useRemovedIds();
  const {
    words: { dreams: words },
    fill,
  } = useSpeech();
  const open = useOpenConversation();
  const [moment, setMoment] = useState<PassingMoment | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const focus = useFocusById<HTMLLIElement>(query);
  const toEdit = useItemToEdit();

  if (query.data === undefined) {
    if (query.isPending) return <CardsSkeleton label={words.loading} />;
    return <LoadFailure query={query} />;
  }

  const dreams = flattenItems(query.data).filter(({ id }) => !removed.has(id) && id !== moment?.dream.id);

  function focusNeighbour(index: number, leaving?: Dream) {
    const others = dreams.filter(({ id }) => id !== leaving?.id);
    const neighbour = others[Math.min(index, others.length - 1)];
    if (neighbour === undefined) list.current?.focus();
    else focus.on(neighbour.id);
  }

  async function changeStatus(dream: Dream, to: Dream["status"], at: number) {
    if (to === "active") focusNeighbour(at, dream);
    else setMoment({ dream, status: to, at });
    const changed = await actions.setStatus(dream, withStatus(dream, to));
    if (!changed) setMoment((shown) => (shown?.dream.id === dream.id ? null : shown));
  }

  function undo({ dream, status: was }: PassingMoment) {
    setMoment(null);
    focus.on(dream.id);
    void actions.setStatus(withStatus(dream, was), dream);
  }

  function close({ at }: PassingMoment) {
    setMoment(null);
    focusNeighbour(at);
  }

  const cards = dreams.map((dream, index) => (
    <DreamCard
      key={dream.id}
      ref={focus.holding(dream.id)}
      dream={dream}
      editing={dream.id === toEdit}
      actions={actions}
      onClose={() => focus.on(dream.id)}
      onStatus={(to) => void changeStatus(dream, to, index)}
      onTalk={() => open(fill(words.talkWords, { title: dream.title }))}
      onRemove={() => {
        focusNeighbour(index, dream);
        actions.remove(dream);
      }}
    />
  ));

  return (
    <>
      <ul ref={list} tabIndex={-1} aria-label={words.title} className="flex flex-col gap-4 outline-none">
        {moment === null
          ? cards
          : cards.toSpliced(
              moment.at,
              0,
              <Moment
                key="moment"
                dream={moment.dream}
                status={moment.status}
                onUndo={() => undo(moment)}
                onClose={() => close(moment)}
              />,
            )}
      </ul>
      {dreams.length === 0 && moment === null && (
        <p className="max-w-md text-pretty py-6 font-serif text-ink-soft text-lg leading-8">{words[NOTHING[status]]}</p>
      )}
      <EarlierButton query={query} className="mt-3" />
    </>
  );
}
