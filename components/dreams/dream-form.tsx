import type { FormEvent, KeyboardEvent } from "react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
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

/** Puts a dream into words. Enter in a line saves, Escape leaves things as they were. */
export function DreamForm({ name, initial, refused, saveLabel, onSave, onCancel }: DreamFormProps) {
  const [draft, setDraft] = useState(initial);
  const [problems, setProblems] = useState(refused);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    const wrong = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    (wrong ?? form.current?.querySelector("input"))?.focus();
  }, []);

  function change(field: keyof DreamDraft, value: string) {
    setDraft({ ...draft, [field]: value });
    setProblems(({ [field]: _, form: __, ...others }) => others);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const found = problemsOf(draft);
    setProblems(found);
    const [first] = Object.keys(found);
    if (first === undefined) return onSave(draft);
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
    event.stopPropagation();
    onCancel();
  }

  return (
    <form
      ref={form}
      aria-label={name}
      noValidate
      onSubmit={submit}
      onKeyDown={onKeyDown}
      className="flex animate-settle flex-col gap-4 rounded-2xl border border-line bg-sheet p-5 shadow-lift"
    >
      {problems.form !== undefined && (
        <p role="alert" className="rounded-xl bg-ember-wash px-3.5 py-2.5 text-ember text-sm">
          {problems.form}
        </p>
      )}
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
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="plain" onClick={onCancel}>
          Cancel
        </Button>
        <Button look="primary" type="submit">
          {saveLabel}
        </Button>
      </div>
    </form>
  );
}
