import type { FormEvent, KeyboardEvent, ReactNode, RefObject } from "react";
import { Button } from "./button";
import { isComposing } from "./keys";

interface DraftFormProps {
  name: string;
  form: RefObject<HTMLFormElement | null>;
  /** What is wrong with all of it; undefined where nothing is. */
  problem: string | undefined;
  saveLabel: string;
  submit: (event?: FormEvent) => void;
  onCancel: () => void;
  children: ReactNode;
}

/** The sheet around a form's fields. Ctrl or ⌘ with Enter saves, Escape leaves things as they were. */
export function DraftForm({ name, form, problem, saveLabel, submit, onCancel, children }: DraftFormProps) {
  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(event);
    if (event.key !== "Escape") return;
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
      {problem !== undefined && (
        <p role="alert" className="rounded-xl bg-ember-wash px-3.5 py-2.5 text-ember text-sm">
          {problem}
        </p>
      )}
      {children}
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
