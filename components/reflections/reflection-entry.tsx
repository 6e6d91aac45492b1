import { MessageCircle, PenLine, Trash2 } from "lucide-react";
import Link from "next/link";
import type { Ref } from "react";
import { PauseButton, PausedMark } from "@/components/lists/pause-button";
import { useKeptChange } from "@/components/lists/use-kept-form";
import { IconButton } from "@/components/ui/button";
import { dayOfMoment } from "@/components/ui/days";
import { useItemForm } from "@/components/ui/draft-form";
import { writtenText } from "@/components/words/text-language";
import { useSpeech } from "@/components/words/words";
import type { Dream } from "@/server/dreams/dream";
import type { Reflection } from "@/server/reflections/router";
import type { ReflectionDraft } from "./reflection-draft";
import { draftOf } from "./reflection-draft";
import { ReflectionForm } from "./reflection-form";
import type { ReflectionActions } from "./use-reflection-actions";

interface ReflectionEntryProps {
  reflection: Reflection;
  /** Whether the form is open at first. */
  editing: boolean;
  dreams: readonly Dream[];
  actions: ReflectionActions;
  /** Opens a conversation about the reflection. */
  onTalk: () => void;
  onRemove: () => void;
  /** The form is closing. The focus must move elsewhere. */
  onClose: () => void;
  ref: Ref<HTMLLIElement>;
}

/** A reflection and its actions. A change that is being written survives leaving the page. */
export function ReflectionEntry({
  reflection,
  editing,
  dreams,
  actions,
  onTalk,
  onRemove,
  onClose,
  ref,
}: ReflectionEntryProps) {
  const kept = useKeptChange(`reflection:${reflection.id}`, draftOf(reflection));
  const { form, open, close, submit } = useItemForm<ReflectionDraft>({
    initial: kept.read() ?? (editing ? draftOf(reflection) : null),
    async save(draft) {
      const refused = await actions.update(reflection, draft);
      if (refused === null) kept.clear(draft);
      return refused;
    },
    onClose,
  });

  function cancel() {
    kept.clear();
    close();
  }

  const { id, content, tone, paused, createdAt, dreamId } = reflection;
  const speech = useSpeech();
  const { fill } = speech;
  const { reflections, common } = speech.words;
  const day = dayOfMoment(createdAt, speech);
  const dream = dreams.find((candidate) => candidate.id === dreamId);

  return (
    <li ref={ref} tabIndex={-1} data-testid="reflection" data-reflection-id={id} className="rounded-2xl">
      {form !== null ? (
        <ReflectionForm
          name={fill(reflections.editOf, { day })}
          initial={form.draft}
          refused={form.refused}
          dreams={dreams}
          saveLabel={common.save}
          onSave={(draft) => void submit(draft)}
          onChange={kept.write}
          onCancel={cancel}
        />
      ) : (
        <article>
          <header className="flex items-center gap-x-3 text-ink-soft text-sm">
            <h2 className="font-sans">
              <time dateTime={createdAt}>{day}</time>
            </h2>
            <span className="flex-1" />
            <IconButton label={fill(reflections.talkAboutOf, { day })} title={common.talkAbout} onClick={onTalk}>
              <MessageCircle aria-hidden />
            </IconButton>
            <PauseButton
              name={fill(reflections.ofDay, { day })}
              paused={paused}
              onPause={(next) => void actions.setPaused(reflection, next)}
            />
            <IconButton
              label={fill(reflections.editOf, { day })}
              title={common.edit}
              onClick={() => open(draftOf(reflection))}
            >
              <PenLine aria-hidden />
            </IconButton>
            <IconButton label={fill(reflections.removeOf, { day })} title={common.remove} onClick={onRemove}>
              <Trash2 aria-hidden />
            </IconButton>
          </header>
          <p
            {...writtenText(content)}
            className="mt-1 whitespace-pre-wrap font-serif text-lg leading-8 [overflow-wrap:anywhere]"
          >
            {content}
          </p>
          <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-ink-soft text-sm">
            {tone !== null && <bdi className="max-w-full truncate rounded-full bg-shade px-2.5 py-0.5">{tone}</bdi>}
            {paused && <PausedMark />}
            {dream !== undefined && (
              <span>
                {reflections.about}{" "}
                <Link
                  href={`/dreams?status=${dream.status}#${dream.id}`}
                  prefetch={false}
                  className="underline decoration-edge underline-offset-4 hover:text-ink hover:decoration-ink"
                >
                  <bdi>{dream.title}</bdi>
                </Link>
              </span>
            )}
          </p>
        </article>
      )}
    </li>
  );
}
