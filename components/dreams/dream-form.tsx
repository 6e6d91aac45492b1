import { classNames } from "@/components/ui/class-names";
import { DraftForm, useDraftForm } from "@/components/ui/draft-form";
import { CONTROL, FormField } from "@/components/ui/form-field";
import type { DreamDraft, DreamProblems } from "./dream-draft";
import { problemsOf } from "./dream-draft";

interface DreamFormProps {
  name: string;
  initial: DreamDraft;
  /** What the server found wrong with what was sent before. */
  refused: DreamProblems;
  saveLabel: string;
  onSave: (draft: DreamDraft) => void;
  onCancel: () => void;
}

/** Puts a dream into words. */
export function DreamForm({ name, initial, refused, saveLabel, onSave, onCancel }: DreamFormProps) {
  const { draft, problems, change, submit, form } = useDraftForm({ initial, refused, problemsOf, onSave });
  return (
    <DraftForm {...{ name, form, saveLabel, submit, onCancel }} problem={problems.form}>
      <FormField label="What do you want?" error={problems.title}>
        {(control) => (
          <input
            {...control}
            name="title"
            dir="auto"
            value={draft.title}
            onChange={(event) => change("title", event.target.value)}
            autoComplete="off"
            className={classNames(CONTROL, "font-serif text-lg")}
          />
        )}
      </FormField>
      <FormField label="How would it look?" error={problems.description}>
        {(control) => (
          <textarea
            {...control}
            name="description"
            dir="auto"
            rows={3}
            value={draft.description}
            onChange={(event) => change("description", event.target.value)}
            className={classNames(CONTROL, "field-sizing-content max-h-80 min-h-24 resize-none leading-7")}
          />
        )}
      </FormField>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormField label="Part of life" error={problems.category}>
          {(control) => (
            <input
              {...control}
              name="category"
              dir="auto"
              value={draft.category}
              onChange={(event) => change("category", event.target.value)}
              placeholder="craft, family, body…"
              autoComplete="off"
              className={CONTROL}
            />
          )}
        </FormField>
        <FormField label="By when, if that helps" error={problems.targetDate}>
          {(control) => (
            <input
              {...control}
              name="targetDate"
              type="date"
              value={draft.targetDate}
              onChange={(event) => change("targetDate", event.target.value)}
              className={CONTROL}
            />
          )}
        </FormField>
      </div>
    </DraftForm>
  );
}
