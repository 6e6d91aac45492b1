import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useId, useRef, useState } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { forgetPages } from "@/components/offline/service-worker";
import { describeError } from "@/components/trpc/errors";
import { outdate } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { Button } from "@/components/ui/button";
import { dayOfMoment } from "@/components/ui/days";
import { Excerpt } from "@/components/ui/excerpt";
import { TextField } from "@/components/ui/form-field";
import { useToast } from "@/components/ui/toasts";
import { useSpeech } from "@/components/words/words";
import { cutTo, FIELD_LIMITS } from "@/server/field-limits";
import type { Knowledge } from "@/server/knowledge/search-knowledge";

interface Found {
  search: string;
  items: readonly Knowledge[];
  /** Whether there is more than these. */
  more: boolean;
}

/** Searches everything that is stored about the person, and removes the results that they leave checked. */
export function Forget() {
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const { drafts, outbox } = usePageState();
  const toast = useToast();
  const { words, plural } = useSpeech();
  const { account, sessions } = words;
  const field = useRef<HTMLInputElement>(null);
  const [entered, setEntered] = useState("");
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<Found | null>(null);

  /** Sends one request at a time. An error is shown under the field. */
  async function request(send: () => Promise<void>) {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await send();
    } catch (error) {
      setProblem(describeError(error, words).message);
    } finally {
      setBusy(false);
    }
  }

  function look(event: FormEvent) {
    event.preventDefault();
    const search = entered.trim();
    if (search === "") return;
    void request(async () => setFound({ search, ...(await client.knowledge.search.query({ search })) }));
  }

  function forget(chosen: readonly Knowledge[]) {
    void request(async () => {
      const items = chosen.map(({ kind, id }) => ({ kind, id }));
      const { removed } = await client.knowledge.forget.mutate({ items });
      for (const { kind, id } of chosen) {
        if (kind !== "conversation") continue;
        drafts.write(id, "");
        outbox.removeAll(id);
      }
      void forgetPages();
      void outdate(queryClient, "knowledge.forget", false);
      setFound(null);
      setEntered("");
      field.current?.focus();
      toast({ text: plural(account.forgotten, removed) });
    });
  }

  return (
    <>
      <form aria-label={account.forget} noValidate onSubmit={look} className="flex flex-col gap-3">
        <TextField
          ref={field}
          label={account.forgetWhat}
          error={problem}
          type="search"
          autoComplete="off"
          value={entered}
          onChange={(event) => {
            setEntered(cutTo(event.target.value, FIELD_LIMITS.search));
            setProblem(undefined);
          }}
          className="max-w-sm"
        />
        <Button look="quiet" type="submit" className="self-start" aria-busy={busy} disabled={entered.trim() === ""}>
          {busy ? sessions.searching : account.lookForIt}
        </Button>
      </form>
      {found !== null && <Chooser key={found.search} found={found} busy={busy} onForget={forget} />}
    </>
  );
}

interface ChooserProps {
  found: Found;
  busy: boolean;
  onForget: (chosen: readonly Knowledge[]) => void;
}

/** The results with checkboxes, all checked at first, and the button that removes them. */
function Chooser({ found: { search, items, more }, busy, onForget }: ChooserProps) {
  const [spared, setSpared] = useState<ReadonlySet<string>>(new Set());
  const titleId = useId();
  const { words, fill, plural } = useSpeech();
  const { account } = words;
  const chosen = items.filter(({ id }) => !spared.has(id));

  function choose(id: string, isChosen: boolean) {
    setSpared((before) => new Set(isChosen ? [...before].filter((other) => other !== id) : [...before, id]));
  }

  const title = fill(items.length === 0 ? account.nothingAbout : account.foundAbout, { search });
  return (
    <div className="mt-6">
      <p id={titleId} role="status" className="font-medium [overflow-wrap:anywhere]">
        {title}
      </p>
      {items.length > 0 && (
        <>
          <ul aria-labelledby={titleId} className="flex flex-col divide-y divide-line">
            {items.map((item) => (
              <li key={item.id} data-testid="knowledge" data-kind={item.kind}>
                <label className="flex items-start gap-3 py-3">
                  <input
                    type="checkbox"
                    checked={!spared.has(item.id)}
                    onChange={(event) => choose(item.id, event.target.checked)}
                    className="mt-1 size-5 shrink-0 accent-water"
                  />
                  <Description item={item} />
                </label>
              </li>
            ))}
          </ul>
          {more && <p className="py-2 text-ink-soft text-sm">{plural(account.moreFound, items.length)}</p>}
          <p className="mt-2 mb-4 leading-7">{account.chosenGo}</p>
          <Button
            look="quiet"
            aria-busy={busy}
            disabled={chosen.length === 0}
            onClick={() => onForget(chosen)}
            className="text-ember hover:bg-ember-wash"
          >
            {busy ? account.removing : plural(account.forgetChosen, chosen.length)}
          </Button>
        </>
      )}
    </div>
  );
}

/** An excerpt, the kind, the date and, for a conversation, its title and size. */
function Description({ item: { kind, excerpt, at, conversation, inBin } }: { item: Knowledge }) {
  const speech = useSpeech();
  const { words, plural } = speech;
  return (
    <span className="min-w-0 flex-1">
      <span dir="auto" className="line-clamp-3 text-page-start font-serif leading-7 [overflow-wrap:anywhere]">
        <Excerpt parts={excerpt} />
      </span>
      <span className="block text-ink-soft text-sm leading-6">
        {words.account.things[kind]}
        {inBin && ` · ${words.account.inBin}`}
        {conversation !== null && (
          <>
            {" · "}
            <bdi>{conversation.title ?? words.sessions.untitled}</bdi>
            {" · "}
            {plural(words.account.wholeConversation, conversation.messageCount)}
          </>
        )}
        {" · "}
        {dayOfMoment(at, speech)}
      </span>
    </span>
  );
}
