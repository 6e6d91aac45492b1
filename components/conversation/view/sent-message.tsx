import { PenLine, RotateCw } from "lucide-react";
import { memo, useMemo, useRef, useState } from "react";
import { KeepMenu } from "@/components/keep/keep-menu";
import { Button, IconButton } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { CopyButton } from "@/components/ui/copy-button";
import { ON_SERVER } from "@/components/ui/on-server";
import { TabStopItem } from "@/components/ui/tab-stop";
import { useNow } from "@/components/ui/use-now";
import { writtenText } from "@/components/words/text-language";
import { useSpeech, useWords } from "@/components/words/words";
import { speaksOfCrisis } from "@/server/safety/crisis-words";
import type { SaidEntry, TroubleEntry } from "../entries/entries";
import { whenWords } from "../turn/turn";
import { EditMessage } from "./edit-message";
import { EntryFooter } from "./entry-footer";
import type { EntryActions } from "./entry-list";
import { HelpNotice } from "./help-notice";

interface TroubleProps {
  entry: TroubleEntry;
  /** Null while another reply is under way. */
  actions: Pick<EntryActions, "resend" | "edit"> | null;
}

/** A message without a reply, and a button that sends it again. */
export function Trouble({ entry, actions }: TroubleProps) {
  const { message, resend, retryAt, editable, calm } = entry;
  const { common } = useWords();
  const retry = { onRetry: () => actions?.resend(resend), disabled: actions === null };
  return (
    <div
      data-testid="trouble"
      className={classNames(
        "flex flex-wrap items-center justify-between gap-3 rounded-xl px-4 py-2.5 text-sm",
        calm ? "bg-shade text-ink" : "bg-ember-wash text-ember",
        // Only the browser asks whether a reply is under way.
        ON_SERVER && "invisible",
      )}
    >
      <p className="min-w-48 flex-1">{message}</p>
      <div className="flex flex-wrap gap-2">
        {editable && (
          <Button
            look="quiet"
            className="min-h-9 py-1"
            disabled={actions === null}
            onClick={() => actions?.edit(resend)}
          >
            <PenLine aria-hidden className="size-4" />
            {common.edit}
          </Button>
        )}
        {retryAt === null ? <RetryButton {...retry} /> : <RetryLater {...retry} retryAt={retryAt} />}
      </div>
    </div>
  );
}

interface RetryButtonProps {
  disabled: boolean;
  onRetry: () => void;
  /** When it may be tried again, in words; undefined if it may be now. */
  when?: string | undefined;
}

function RetryButton({ disabled, onRetry, when }: RetryButtonProps) {
  const early = when !== undefined;
  const { words, fill } = useSpeech();
  return (
    <Button look="quiet" className="min-h-9 py-1 tabular-nums" disabled={disabled || early} onClick={onRetry}>
      <RotateCw aria-hidden className="size-4" />
      {early ? fill(words.conversation.tryAgainWhen, { when }) : words.common.tryAgain}
    </Button>
  );
}

/** A countdown until trying again can succeed. */
function RetryLater({ retryAt, ...button }: RetryButtonProps & { retryAt: number }) {
  const now = useNow(1_000);
  const speech = useSpeech();
  return (
    <RetryButton {...button} when={now < retryAt ? whenWords(retryAt, { now, form: "short" }, speech) : undefined} />
  );
}

interface SaidProps {
  sessionId: string;
  entry: SaidEntry;
  /** Rewords the last message; null while a reply is under way. */
  onEdit: EntryActions["askOtherwise"] | null;
}

/** A message of the person. */
export const Said = memo(function Said({ sessionId, entry, onEdit }: SaidProps) {
  const { conversation } = useWords();
  const [edited, setEdited] = useState<string | null>(null);
  const editButton = useRef<HTMLButtonElement>(null);
  const { pair, content } = entry;
  const needsHelp = useMemo(() => speaksOfCrisis(content), [content]);
  const canEdit = pair !== null && onEdit !== null;

  if (canEdit && edited !== null) {
    const submit = async (content: string) => {
      setEdited(null);
      // A reworded message without an answer is kept, and can be sent again from here.
      if (!(await onEdit(pair, content))) setEdited(content);
    };
    const cancel = () => {
      setEdited(null);
      requestAnimationFrame(() => editButton.current?.focus());
    };
    return (
      <>
        <EditMessage words={edited} onSubmit={(content) => void submit(content)} onCancel={cancel} />
        {speaksOfCrisis(edited) && <HelpNotice />}
      </>
    );
  }

  return (
    <TabStopItem
      data-testid="message"
      data-role="user"
      data-entry={entry.key}
      aria-label={conversation.you}
      aria-busy={entry.sending}
      className="entry group/entry flex flex-col items-end"
    >
      <div
        {...writtenText(entry.content)}
        className="max-w-[min(36rem,88%)] whitespace-pre-wrap rounded-2xl rounded-ee-md border border-line bg-sheet px-4 py-2.5 leading-7 [overflow-wrap:anywhere]"
      >
        {entry.content}
      </div>
      <EntryFooter at={entry.createdAt} end>
        {canEdit && (
          <IconButton
            ref={editButton}
            label={conversation.editMessage}
            className="size-8"
            onClick={() => setEdited(entry.content)}
          >
            <PenLine aria-hidden />
          </IconButton>
        )}
        <KeepMenu sessionId={sessionId} messageId={entry.key} content={entry.content} />
        <CopyButton label={conversation.copyMessage} text={entry.content} className="size-8" />
      </EntryFooter>
      {needsHelp && <HelpNotice />}
    </TabStopItem>
  );
});
