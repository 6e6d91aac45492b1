import { classNames } from "@/components/ui/class-names";
import { DraftForm, useDraftForm } from "@/components/ui/draft-form";
import { CONTROL, FormField, TextField } from "@/components/ui/form-field";
import { useWords } from "@/components/words/words";
import type { DreamDraft, DreamProblems } from "./dream-draft";
import { problemsOf } from "./dream-draft";

interface DreamFormProps {
  name: string;
  initial: DreamDraft;
  /** The problems that the server found in the draft that was sent before. */
  refused: DreamProblems;
  saveLabel: string;
  onSave: (draft: DreamDraft) => void;
  /** Called at every change, to store the draft. */
  onChange?: (draft: DreamDraft) => void;
  onCancel: () => void;
}

/** The form of a dream. */
export function DreamForm({ name, initial, refused, saveLabel, onSave, onChange, onCancel }: DreamFormProps) {
  const { draft, problems, change, submit, form } = useDraftForm({ initial, refused, problemsOf, onSave, onChange });
  const { dreams } = useWords();
  return (
    <DraftForm {...{ name, form, saveLabel, submit, onCancel }} problem={problems.form}>
      <TextField
        label={dreams.whatDoYouWant}
        error={problems.title}
        required
        name="title"
        value={draft.title}
        onChange={(event) => change("title", event.target.value)}
        autoComplete="off"
        className="font-serif text-lg"
      />
      <FormField label={dreams.howWouldItLook} error={problems.description}>
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
          label={dreams.partOfLife}
          error={problems.category}
          name="category"
          value={draft.category}
          onChange={(event) => change("category", event.target.value)}
          placeholder={dreams.parts}
          autoComplete="off"
        />
        <TextField
          label={dreams.byWhen}
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
