import { Check, MessageCircle, PenLine, RotateCcw, Trash2, Wind } from "lucide-react";
import type { Ref } from "react";
import { PauseButton, PausedMark } from "@/components/lists/pause-button";
import { useKeptChange } from "@/components/lists/use-kept-form";
import { SessionLink } from "@/components/navigation/session-link";
import { Button, IconButton } from "@/components/ui/button";
import { dayOfMoment, dayWords } from "@/components/ui/days";
import { useItemForm } from "@/components/ui/draft-form";
import { writtenText } from "@/components/words/text-language";
import { useSpeech } from "@/components/words/words";
import type { Dream } from "@/server/dreams/dream";
import type { DreamDraft } from "./dream-draft";
import { draftOf } from "./dream-draft";
import { DreamForm } from "./dream-form";
import type { DreamActions } from "./use-dream-actions";

interface DreamCardProps {
  dream: Dream;
  /** Whether the form is open at first. */
  editing: boolean;
  actions: DreamActions;
  /** Called when the person achieves the dream, releases it, or makes it active again. */
  onStatus: (status: Dream["status"]) => void;
  /** Opens a conversation about the dream. */
  onTalk: () => void;
  onRemove: () => void;
  /** The form is closing. The focus must move elsewhere. */
  onClose: () => void;
  ref: Ref<HTMLLIElement>;
}

/** A dream and its actions. A change that is being written survives leaving the page. Takes the focus when the card before it is removed. */
export function DreamCard({ dream, editing, actions, onStatus, onTalk, onRemove, onClose, ref }: DreamCardProps) {
  const kept = useKeptChange(`dream:${dream.id}`, draftOf(dream));
  const { form, open, close, submit } = useItemForm<DreamDraft>({
    initial: kept.read() ?? (editing ? draftOf(dream) : null),
    async save(draft) {
      const refused = await actions.update(dream, draft);
      if (refused === null) kept.clear(draft);
      return refused;
    },
    onClose,
  });

  function cancel() {
    kept.clear();
    close();
  }

  const { title, description, status, paused } = dream;
  const { words, fill } = useSpeech();
  const { dreams, common } = words;

  return (
    <li ref={ref} tabIndex={-1} data-testid="dream" data-dream-id={dream.id} className="rounded-2xl">
      {form !== null ? (
        <DreamForm
          name={fill(dreams.editIt, { title })}
          initial={form.draft}
          refused={form.refused}
          saveLabel={common.save}
          onSave={(draft) => void submit(draft)}
          onChange={kept.write}
          onCancel={cancel}
        />
      ) : (
        <article className="rounded-2xl border border-line bg-sheet p-5 pb-3">
          <h2 {...writtenText(title)} className="text-start text-xl leading-8 [overflow-wrap:anywhere]">
            {title}
          </h2>
          {description !== null && (
            <p
              {...writtenText(description)}
              className="mt-1.5 whitespace-pre-wrap text-ink-soft leading-7 [overflow-wrap:anywhere]"
            >
              {description}
            </p>
          )}
          <Particulars dream={dream} />
          <hr className="mt-3 border-line" />
          <div className="-mx-2 mt-2 flex flex-wrap items-center gap-1">
            {status === "active" ? (
              <>
                <Button
                  look="plain"
                  className="px-3"
                  aria-label={fill(dreams.achieveIt, { title })}
                  onClick={() => onStatus("achieved")}
                >
                  <Check aria-hidden className="hidden size-4 sm:block" />
                  {dreams.achieve}
                </Button>
                <Button
                  look="plain"
                  className="px-3"
                  aria-label={fill(dreams.releaseIt, { title })}
                  onClick={() => onStatus("released")}
                >
                  <Wind aria-hidden className="hidden size-4 sm:block" />
                  {dreams.release}
                </Button>
              </>
            ) : (
              <Button
                look="plain"
                className="px-3"
                aria-label={fill(dreams.takeItUp, { title })}
                onClick={() => onStatus("active")}
              >
                <RotateCcw aria-hidden className="size-4" />
                {dreams.takeUp}
              </Button>
            )}
            <span className="flex-1" />
            <IconButton label={fill(dreams.talkAboutIt, { title })} title={common.talkAbout} onClick={onTalk}>
              <MessageCircle aria-hidden />
            </IconButton>
            {status === "active" && (
              <PauseButton name={title} paused={paused} onPause={(next) => void actions.setPaused(dream, next)} />
            )}
            <IconButton label={fill(dreams.editIt, { title })} title={common.edit} onClick={() => open(draftOf(dream))}>
              <PenLine aria-hidden />
            </IconButton>
            <IconButton label={fill(dreams.removeIt, { title })} title={common.remove} onClick={onRemove}>
              <Trash2 aria-hidden />
            </IconButton>
          </div>
        </article>
      )}
    </li>
  );
}

/** The part of life, the target date, and the conversation in which it was created. */
function Particulars({ dream }: { dream: Dream }) {
  const { category, targetDate, achievedAt, releasedAt, sessionId } = dream;
  const speech = useSpeech();
  const { fill } = speech;
  const { dreams } = speech.words;
  const particulars = [
    dream.paused && <PausedMark key="paused" />,
    category !== null && (
      <bdi key="category" className="rounded-full bg-shade px-2.5 py-0.5">
        {category}
      </bdi>
    ),
    achievedAt !== null && (
      <span key="achieved">{fill(dreams.achievedOn, { day: dayOfMoment(achievedAt, speech) })}</span>
    ),
    releasedAt !== null && (
      <span key="released">{fill(dreams.releasedOn, { day: dayOfMoment(releasedAt, speech) })}</span>
    ),
    dream.status === "active" && targetDate !== null && (
      <span key="target">{fill(dreams.byDay, { day: dayWords(targetDate, speech) })}</span>
    ),
    sessionId !== null && (
      <SessionLink key="session" sessionId={sessionId}>
        {dreams.fromConversation}
      </SessionLink>
    ),
  ].filter(Boolean);
  if (particulars.length === 0) return null;
  return <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-ink-soft text-sm">{particulars}</p>;
}
