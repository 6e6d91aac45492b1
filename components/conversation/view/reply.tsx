import { Play, RefreshCw, Sparkle } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { KeepMenu } from "@/components/keep/keep-menu";
import { Button, IconButton } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { CopyButton } from "@/components/ui/copy-button";
import { TabStopItem, useTabIndex } from "@/components/ui/tab-stop";
import { useWords } from "@/components/words/words";
import type { CreatedDream } from "@/server/conversation/events";
import type { ReplyEntry } from "../entries/entries";
import { usePageState } from "../state/page-state";
import { AnswerChooser } from "./answer-chooser";
import { EntryFooter } from "./entry-footer";
import type { EntryActions } from "./entry-list";
import { Receipts } from "./receipts";
import { ReplyText } from "./reply-text";

interface ReplyProps {
  sessionId: string;
  entry: ReplyEntry;
  /** Null if it is not the last reply, and while another one is under way. */
  actions: Pick<EntryActions, "resume" | "regenerate" | "choose"> | null;
}

/** A stored reply, or one that is being written. */
export const Reply = memo(function Reply({ sessionId, entry, actions }: ReplyProps) {
  const { voice } = usePageState();
  const { conversation } = useWords();
  const { content, state, model, dreams, receipts, unfinished, pair, createdAt } = entry;
  const growing = state === "waiting" || state === "streaming";
  // A reply under way has the current author; a stored one names its author.
  const offline = growing ? voice === "offline" : model === "offline";

  return (
    <TabStopItem
      data-testid="message"
      data-role="assistant"
      data-entry={entry.key}
      data-state={state}
      aria-label="Clarify"
      aria-busy={growing}
      className="entry group/entry"
    >
      {state === "waiting" ? <Listening /> : <ReplyText text={content} growing={growing} />}
      {state === "refused" && <Refusal afterWords={content !== ""} />}
      <KeptDreams dreams={dreams} />
      {!growing && <Receipts receipts={receipts} />}
      <EntryFooter
        at={createdAt}
        marks={
          <>
            <ReplyMarks state={state} offline={offline} />
            {unfinished !== null && !growing && actions !== null && (
              <ContinueButton onContinue={() => actions.resume(unfinished)} />
            )}
            {pair !== null && actions !== null && (
              <AnswerChooser variant={pair.reply.variant} onChoose={(variant) => actions.choose(pair, variant)} />
            )}
          </>
        }
      >
        {!growing && content !== "" && (
          <>
            <CopyButton label={conversation.copyReply} text={content} className="-ms-2 size-8" />
            <KeepMenu sessionId={sessionId} messageId={entry.key} content={content} markdown />
          </>
        )}
        {pair !== null && actions !== null && (
          <IconButton label={conversation.another} className="size-8" onClick={() => actions.regenerate(pair)}>
            <RefreshCw aria-hidden />
          </IconButton>
        )}
      </EntryFooter>
    </TabStopItem>
  );
});

/** What is said when the model refuses to answer, in place of its words or after them. */
function Refusal({ afterWords }: { afterWords: boolean }) {
  const { conversation } = useWords();
  return (
    <p data-testid="refusal" className={classNames("text-ink-soft leading-7", afterWords && "mt-3")}>
      {conversation.refusal}
    </p>
  );
}

/** Marks that qualify a reply: stopped, cut off, or written by the offline voice. */
function ReplyMarks({ state, offline }: { state: ReplyEntry["state"]; offline: boolean }) {
  const { conversation } = useWords();
  const endings: Partial<Record<ReplyEntry["state"], string>> = conversation.endings;
  const ending = endings[state];
  return (
    <>
      {offline && (
        <Mark className="bg-lamp-wash text-lamp" testId="offline-mark">
          {conversation.offlineVoice}
        </Mark>
      )}
      {ending !== undefined && (
        <Mark
          className={state === "interrupted" ? "bg-shade text-ink-soft" : "bg-ember-wash text-ember"}
          testId="ending-mark"
        >
          {ending}
        </Mark>
      )}
    </>
  );
}

function Mark({ className, testId, children }: { className: string; testId: string; children: string }) {
  return (
    <span
      data-testid={testId}
      className={classNames("rounded-full px-2.5 py-0.5 font-medium text-xs leading-5", className)}
    >
      {children}
    </span>
  );
}

/** A button that continues a reply that ended early. */
function ContinueButton({ onContinue }: { onContinue: () => void }) {
  const { conversation } = useWords();
  return (
    <Button look="quiet" className="min-h-8 py-1" onClick={onContinue}>
      <Play aria-hidden className="size-3.5" />
      {conversation.continue}
    </Button>
  );
}

/** The dreams that a reply created for the person. */
function KeptDreams({ dreams }: { dreams: readonly CreatedDream[] }) {
  const { conversation } = useWords();
  const tabIndex = useTabIndex();
  if (dreams.length === 0) return null;
  return (
    <ul className="mt-3 flex flex-col gap-2">
      {dreams.map(({ id, title }) => (
        <li
          key={id}
          data-testid="kept-dream"
          className="flex items-baseline gap-2.5 rounded-xl bg-water-wash px-4 py-2.5 text-sm leading-6"
        >
          <Sparkle aria-hidden className="size-3.5 shrink-0 translate-y-0.5 text-water" />
          <span>
            {conversation.keptAsDream}{" "}
            <Link
              href={`/dreams#${id}`}
              tabIndex={tabIndex}
              prefetch={false}
              className="underline decoration-edge underline-offset-4 hover:decoration-current"
            >
              <bdi className="font-serif">{title}</bdi>
            </Link>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Ripples, shown until the reply begins. */
function Listening() {
  const { conversation } = useWords();
  return (
    <div className="flex h-[1.875rem] flex-col justify-center gap-1.5" data-testid="reply-waiting">
      <span className="sr-only">{conversation.aboutToAnswer}</span>
      <span aria-hidden className="h-0.5 w-12 animate-ripple rounded-full bg-water" />
      <span aria-hidden className="ms-2 h-0.5 w-8 animate-ripple rounded-full bg-water [animation-delay:300ms]" />
    </div>
  );
}
