import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { createContext, Fragment, useContext, useMemo } from "react";
import { useRemovedIds } from "@/components/lists/removals";
import { receiptsQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { nearDayOfMoment } from "@/components/ui/days";
import { useTabIndex } from "@/components/ui/tab-stop";
import type { Speech } from "@/components/words/speech";
import { useSpeech } from "@/components/words/words";
import type { Message } from "@/server/conversation/events";
import type { Receipt } from "@/server/receipts/receipt";
import { receiptKey } from "@/server/receipts/receipt";
import type { ShownReceipt } from "@/server/receipts/router";

type ShownReceipts = ReadonlyMap<string, ShownReceipt>;

const ShownReceiptsContext = createContext<ShownReceipts>(new Map());

interface ReceiptsProviderProps {
  sessionId: string;
  /** The stored messages. */
  messages: readonly Message[];
  children: ReactNode;
}

/** Knows how the items that the replies drew on are called now. Reads nothing while no reply has a receipt. */
export function ReceiptsProvider({ sessionId, messages, children }: ReceiptsProviderProps) {
  const { client } = trpc.useUtils();
  const wanted = useMemo(
    () => [...new Set(messages.flatMap(({ receipts }) => receipts.map(receiptKey)))].sort(),
    [messages],
  );
  const { data } = useQuery({ ...receiptsQuery(client, sessionId, wanted), enabled: wanted.length > 0 });
  const shown = useMemo(() => new Map(data?.map((receipt) => [receiptKey(receipt), receipt])), [data]);
  return <ShownReceiptsContext value={shown}>{children}</ShownReceiptsContext>;
}

/** What a reply drew on, each with a link to where it is. Items that are gone are left out, and so is the line without any. */
export function Receipts({ receipts }: { receipts: readonly Receipt[] }) {
  const all = useContext(ShownReceiptsContext);
  const removed = useRemovedIds();
  const speech = useSpeech();
  const shown = receipts.flatMap((receipt) => {
    const found = all.get(receiptKey(receipt));
    return found === undefined || removed.has(found.id) || removed.has(found.sessionId ?? found.id) ? [] : [found];
  });
  if (shown.length === 0) return null;

  const [before, after] = speech.words.conversation.drewOn.split("{items}");
  const list = new Intl.ListFormat(speech.locale, { type: "conjunction" });
  let next = 0;
  return (
    <p data-testid="receipts" className="mt-2 text-ink-soft text-sm leading-6">
      {before}
      {list.formatToParts(shown.map(receiptKey)).map(({ type, value }) => {
        const receipt = type === "element" ? shown[next++] : undefined;
        return receipt === undefined ? (
          <Fragment key={`before-${next}`}>{value}</Fragment>
        ) : (
          <ReceiptLink key={value} receipt={receipt} />
        );
      })}
      {after}
    </p>
  );
}

function ReceiptLink({ receipt }: { receipt: ShownReceipt }) {
  const tabIndex = useTabIndex();
  const speech = useSpeech();
  const [before, after] = receiptSentence(receipt, speech).split("{title}");
  return (
    <Link
      href={receiptPlace(receipt)}
      tabIndex={tabIndex}
      prefetch={false}
      className="underline decoration-edge underline-offset-4 [overflow-wrap:anywhere] hover:text-ink hover:decoration-current"
    >
      {before}
      {after !== undefined && <bdi className="font-serif">{shortTitle(receipt.title ?? "")}</bdi>}
      {after}
    </Link>
  );
}

/** A sentence whose `{title}` is set as what the person wrote. */
function receiptSentence({ kind, title, at }: ShownReceipt, speech: Speech): string {
  const { receipts } = speech.words.conversation;
  const ofDay = (sentence: string) => speech.fill(sentence, { day: nearDayOfMoment(at, new Date(), speech) });
  switch (kind) {
    case "dream":
      return "{title}";
    case "pattern":
      return receipts.pattern;
    case "conversation":
      return title === null ? ofDay(receipts.untitledConversation) : receipts.conversation;
    case "reflection":
    case "message":
      return ofDay(receipts[kind]);
  }
}

/** The length of a title in a receipt. The words of a pattern are a sentence. */
const TITLE_CHARACTERS = 80;

function shortTitle(title: string): string {
  const [...characters] = title;
  if (characters.length <= TITLE_CHARACTERS) return title;
  return `${characters.slice(0, TITLE_CHARACTERS).join("").trimEnd()}…`;
}

/** The page on which the item is. */
function receiptPlace({ kind, id, status, sessionId }: ShownReceipt): string {
  switch (kind) {
    case "dream":
      return status === null || status === "active" ? `/dreams#${id}` : `/dreams?status=${status}#${id}`;
    case "reflection":
      return `/reflections#${id}`;
    case "pattern":
      return `/account#${id}`;
    case "conversation":
      return `/clarify/${id}`;
    case "message":
      return `/clarify/${sessionId}?message=${id}`;
  }
}
