import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2, Undo2 } from "lucide-react";
import { useRef, useState } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { EarlierButton } from "@/components/lists/earlier-button";
import { flattenItems } from "@/components/lists/item-pages";
import { forgetPages } from "@/components/offline/service-worker";
import { LoadFailure } from "@/components/trpc/load-failure";
import { binQuery } from "@/components/trpc/queries";
import { outdate } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { Button } from "@/components/ui/button";
import { dayOfMoment } from "@/components/ui/days";
import { CardsSkeleton } from "@/components/ui/skeleton";
import { useSpeech } from "@/components/words/words";
import type { BinItem } from "@/server/bin/router";

/** What the person has removed, which they can restore or remove for good. Renders in the browser only. */
export function BinList() {
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const query = useInfiniteQuery(binQuery(client));
  const { drafts, outbox } = usePageState();
  const showError = useErrorToast();
  const { words } = useSpeech();
  const { account } = words;
  const list = useRef<HTMLUListElement>(null);
  const [busy, setBusy] = useState<string | null>(null);

  if (query.data === undefined) {
    if (query.isPending) return <CardsSkeleton label={account.loadingBin} />;
    return <LoadFailure query={query} />;
  }

  /** The item leaves the list, and the focus with it. */
  async function change({ id }: BinItem, request: () => Promise<unknown>) {
    if (busy !== null) return;
    setBusy(id);
    try {
      await request();
      list.current?.focus();
    } catch (error) {
      showError(error);
    } finally {
      await outdate(queryClient, "bin.restore", false);
      setBusy(null);
    }
  }

  const restore = (item: BinItem) => change(item, () => client.bin.restore.mutate({ kind: item.kind, id: item.id }));

  const removeForGood = (item: BinItem) =>
    change(item, async () => {
      const { kind, id } = item;
      await client.knowledge.forget.mutate({ items: [{ kind, id }] });
      if (kind !== "conversation") return;
      drafts.write(id, "");
      outbox.removeAll(id);
      await forgetPages();
    });

  const items = flattenItems(query.data);
  return (
    <>
      <ul
        ref={list}
        tabIndex={-1}
        aria-label={account.bin}
        className="flex flex-col divide-y divide-line outline-none empty:hidden"
      >
        {items.map((item) => (
          <Entry
            key={item.id}
            item={item}
            busy={busy === item.id}
            onRestore={() => void restore(item)}
            onRemove={() => void removeForGood(item)}
          />
        ))}
      </ul>
      {items.length === 0 && <p className="text-ink-soft leading-7">{account.binEmpty}</p>}
      <EarlierButton query={query} className="mt-3" />
    </>
  );
}

interface EntryProps {
  item: BinItem;
  busy: boolean;
  onRestore: () => void;
  onRemove: () => void;
}

function Entry({ item: { kind, title, goneAt }, busy, onRestore, onRemove }: EntryProps) {
  const speech = useSpeech();
  const { words, fill } = speech;
  const { account, sessions } = words;
  const name = title ?? sessions.untitled;
  return (
    <li
      data-testid="bin-item"
      data-kind={kind}
      aria-busy={busy}
      className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3"
    >
      <p className="min-w-48 flex-1">
        <span dir="auto" className="line-clamp-2 text-page-start font-serif leading-7 [overflow-wrap:anywhere]">
          {name}
        </span>
        <span className="block text-ink-soft text-sm leading-6">
          {account.things[kind]} · {fill(account.goneOn, { day: dayOfMoment(goneAt, speech) })}
        </span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="quiet" onClick={onRestore} aria-label={fill(account.restoreIt, { name })}>
          <Undo2 aria-hidden className="size-4" />
          {account.restore}
        </Button>
        <Button
          look="plain"
          onClick={onRemove}
          aria-label={fill(account.removeItForGood, { name })}
          className="text-ember hover:bg-ember-wash"
        >
          <Trash2 aria-hidden className="size-4" />
          {account.removeForGood}
        </Button>
      </div>
    </li>
  );
}
