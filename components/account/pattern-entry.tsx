import { PenLine, Trash2 } from "lucide-react";
import type { FormEvent, Ref } from "react";
import { useId, useState } from "react";
import { PauseButton, PausedMark } from "@/components/lists/pause-button";
import { SessionLink } from "@/components/navigation/session-link";
import { LoadFailure } from "@/components/trpc/load-failure";
import { trpc } from "@/components/trpc/trpc";
import { Button, IconButton } from "@/components/ui/button";
import { dayOfMoment } from "@/components/ui/days";
import { TextField } from "@/components/ui/form-field";
import { isComposing } from "@/components/ui/keys";
import { textProblem } from "@/components/ui/text-problem";
import { writtenText } from "@/components/words/text-language";
import { useSpeech } from "@/components/words/words";
import { FIELD_LIMITS } from "@/server/field-limits";
import type { Pattern } from "@/server/patterns/router";
import type { PatternActions } from "./use-pattern-actions";

interface PatternEntryProps {
  pattern: Pattern;
  /** Whether the form is open at first. */
  editingFromStart: boolean;
  actions: PatternActions;
  onRemove: () => void;
  /** The form is closing. The focus must move elsewhere. */
  onClose: () => void;
  ref: Ref<HTMLLIElement>;
}

/**
 * A pattern, the messages in which it was seen, and its actions. Takes the focus when the entry before it is removed.
 */
export function PatternEntry({ pattern, editingFromStart, actions, onRemove, onClose, ref }: PatternEntryProps) {
  const [editing, setEditing] = useState(editingFromStart);
  const [open, setOpen] = useState(false);
  const messagesId = useId();
  const speech = useSpeech();
  const { words, fill } = speech;
  const { account, common } = words;
  const { id, content, type, paused, strength, lastSeenAt } = pattern;

  function close() {
    setEditing(false);
    onClose();
  }

  return (
    <li ref={ref} tabIndex={-1} data-testid="pattern" className="flex flex-wrap items-start gap-x-3 py-3 outline-none">
      {editing ? (
        <RewordForm
          pattern={pattern}
          onCancel={close}
          onSave={(words) => {
            close();
            if (words !== content) void actions.reword(pattern, words);
          }}
        />
      ) : (
        <>
          <div className="min-w-0 flex-1 basis-60">
            <p {...writtenText(pattern.content)} className="font-serif text-lg leading-8 [overflow-wrap:anywhere]">
              {content}
            </p>
            <p className="flex flex-wrap items-center gap-x-3 text-ink-soft text-sm leading-6">
              {paused && <PausedMark />}
              <span>{account.kinds[type]}</span>
              <span>{fill(account.strength, { strength })}</span>
              <span>{fill(account.lastSeen, { day: dayOfMoment(lastSeenAt, speech) })}</span>
              <button
                type="button"
                aria-expanded={open}
                aria-controls={messagesId}
                onClick={() => setOpen(!open)}
                className="min-h-7 underline decoration-edge underline-offset-4 hover:text-ink hover:decoration-ink"
              >
                {account.seenIn}
                <span className="sr-only">: {content}</span>
              </button>
            </p>
          </div>
          <div className="flex">
            <PauseButton name={content} paused={paused} onPause={(next) => void actions.setPaused(pattern, next)} />
            <IconButton
              label={fill(account.rewordIt, { pattern: content })}
              title={common.edit}
              onClick={() => setEditing(true)}
            >
              <PenLine aria-hidden />
            </IconButton>
            <IconButton
              label={fill(account.removePattern, { pattern: content })}
              title={common.remove}
              onClick={onRemove}
            >
              <Trash2 aria-hidden />
            </IconButton>
          </div>
          <div id={messagesId} className="basis-full empty:hidden">
            {open && <SeenIn patternId={id} />}
          </div>
        </>
      )}
    </li>
  );
}

/** The messages that show a pattern, each with a link to its conversation. */
function SeenIn({ patternId }: { patternId: string }) {
  const messages = trpc.patterns.messages.useQuery({ patternId });
  const speech = useSpeech();
  const { account, common } = speech.words;
  if (messages.data === undefined) {
    if (messages.isPending) return <p className="py-2 text-ink-soft text-sm">{common.loading}</p>;
    return <LoadFailure query={messages} className="py-2 text-sm" />;
  }
  if (messages.data.length === 0) {
    return <p className="py-2 text-ink-soft text-sm">{account.messagesGone}</p>;
  }
  return (
    <ul className="mt-2 flex flex-col gap-2 border-line border-s-2 ps-4">
      {messages.data.map(({ id, sessionId, content, createdAt }) => (
        <li key={id} data-testid="pattern-message" className="text-sm leading-6">
          <p dir="auto" className="line-clamp-3 [overflow-wrap:anywhere]">
            {content}
          </p>
          <SessionLink sessionId={sessionId}>
            {dayOfMoment(createdAt, speech)}
            <span className="sr-only">: {account.openConversation}</span>
          </SessionLink>
        </li>
      ))}
    </ul>
  );
}

interface RewordFormProps {
  pattern: Pattern;
  onSave: (content: string) => void;
  onCancel: () => void;
}

/** Enter saves; Escape changes nothing. */
function RewordForm({ pattern, onSave, onCancel }: RewordFormProps) {
  const [entered, setEntered] = useState(pattern.content);
  const [problem, setProblem] = useState<string>();
  const speech = useSpeech();
  const { words, fill } = speech;

  function save(event: FormEvent) {
    event.preventDefault();
    const found = textProblem(words.account.ownWords, entered, { limit: FIELD_LIMITS.pattern, required: true }, speech);
    setProblem(found ?? undefined);
    if (found === null) onSave(entered.trim());
  }

  return (
    <form
      aria-label={fill(words.account.rewordIt, { pattern: pattern.content })}
      noValidate
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !isComposing(event)) onCancel();
      }}
      className="flex flex-1 flex-col gap-3"
    >
      <TextField
        label={words.account.ownWords}
        error={problem}
        required
        autoFocus
        dir="auto"
        value={entered}
        onChange={(event) => {
          setEntered(event.target.value);
          setProblem(undefined);
        }}
      />
      <div className="flex justify-end gap-2">
        <Button look="plain" onClick={onCancel}>
          {words.common.cancel}
        </Button>
        <Button look="primary" type="submit">
          {words.common.save}
        </Button>
      </div>
    </form>
  );
}
