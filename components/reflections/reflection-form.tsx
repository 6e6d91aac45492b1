import { useId } from "react";
import { classNames } from "@/components/ui/class-names";
import { DraftForm, useDraftForm } from "@/components/ui/draft-form";
import { CONTROL, FormField } from "@/components/ui/form-field";
import { useWords } from "@/components/words/words";
import type { Dream } from "@/server/dreams/dream";
import type { ReflectionDraft, ReflectionProblems } from "./reflection-draft";
import { problemsOf } from "./reflection-draft";

interface ReflectionFormProps {
  name: string;
  initial: ReflectionDraft;
  /** The problems that the server found in the draft that was sent before. */
  refused: ReflectionProblems;
  dreams: readonly Dream[];
  saveLabel: string;
  onSave: (draft: ReflectionDraft) => void;
  /** Called at every change, to store the draft. */
  onChange?: (draft: ReflectionDraft) => void;
  onCancel: () => void;
}

/** The form of a reflection: its text, its tone, and the dream that it is about. */
export function ReflectionForm(props: ReflectionFormProps) {
  const { name, initial, refused, dreams, saveLabel, onSave, onChange, onCancel } = props;
  const { draft, problems, change, submit, form } = useDraftForm({ initial, refused, problemsOf, onSave, onChange });
  const suggestions = useId();
  const { reflections } = useWords();
  return (
    <DraftForm {...{ name, form, saveLabel, submit, onCancel }} problem={problems.form}>
      <FormField label={reflections.whatHappened} error={problems.content} required>
        {(control) => (
          <textarea
            {...control}
            name="content"
            dir="auto"
            rows={5}
            value={draft.content}
            onChange={(event) => change("content", event.target.value)}
            className={classNames(
              CONTROL,
              "field-sizing-content max-h-[60dvh] min-h-36 resize-none font-serif text-lg leading-8",
            )}
          />
        )}
      </FormField>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormField label={reflections.howWasIt} error={problems.tone}>
          {(control) => (
            <>
              <input
                {...control}
                name="tone"
                dir="auto"
                list={suggestions}
                value={draft.tone}
                onChange={(event) => change("tone", event.target.value)}
                placeholder={reflections.toneExamples}
                autoComplete="off"
                className={CONTROL}
              />
              <datalist id={suggestions}>
                {reflections.tones.map((tone) => (
                  <option key={tone} value={tone} />
                ))}
              </datalist>
            </>
          )}
        </FormField>
        <FormField label={reflections.aboutDream} error={problems.dreamId}>
          {(control) => (
            <select
              {...control}
              name="dreamId"
              value={draft.dreamId}
              onChange={(event) => change("dreamId", event.target.value)}
              className={CONTROL}
            >
              <option value="">{reflections.aboutDay}</option>
              {dreams.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </FormField>
      </div>
    </DraftForm>
  );
}
