import { classNames } from "@/components/ui/class-names";
import { DraftForm, useDraftForm } from "@/components/ui/draft-form";
import { CONTROL, FormField, TextField } from "@/components/ui/form-field";
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
      <TextField
        label="What do you want?"
        error={problems.title}
        name="title"
        value={draft.title}
        onChange={(event) => change("title", event.target.value)}
        autoComplete="off"
        className="font-serif text-lg"
      />
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
        <TextField
          label="Part of life"
          error={problems.category}
          name="category"
          value={draft.category}
          onChange={(event) => change("category", event.target.value)}
          placeholder="craft, family, body…"
          autoComplete="off"
        />
        <TextField
          label="By when, if that helps"
          error={problems.targetDate}
          name="targetDate"
          type="date"
          value={draft.targetDate}
          onChange={(event) => change("targetDate", event.target.value)}
        />
      </div>
    </DraftForm>
  );
}
