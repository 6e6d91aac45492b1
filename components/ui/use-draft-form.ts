import type { FormEvent } from "react";
import { useEffect, useRef, useState } from "react";

/** What is wrong, by field; `form` is about all of it. */
export type Problems<Draft> = { [Field in keyof Draft | "form"]?: string | undefined };

interface DraftFormOptions<Draft> {
  initial: Draft;
  /** What the server found wrong with what was sent before. */
  refused: Problems<Draft>;
  /** What is wrong with a draft before it is sent. */
  problemsOf: (draft: Draft) => Problems<Draft>;
  onSave: (draft: Draft) => void;
  onChange?: ((draft: Draft) => void) | undefined;
}

/** A form's words and what is wrong with them. The focus begins in its first control, or in the first that is wrong. */
export function useDraftForm<Draft>({ initial, refused, problemsOf, onSave, onChange }: DraftFormOptions<Draft>) {
  const [draft, setDraft] = useState(initial);
  const [problems, setProblems] = useState(refused);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    const wrong = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    (wrong ?? form.current?.querySelector<HTMLElement>("input, textarea"))?.focus();
  }, []);

  function change(field: keyof Draft, value: string) {
    const changed = { ...draft, [field]: value };
    setDraft(changed);
    setProblems((shown) => ({ ...shown, [field]: undefined, form: undefined }));
    onChange?.(changed);
  }

  function submit(event?: FormEvent) {
    event?.preventDefault();
    const found = problemsOf(draft);
    setProblems(found);
    const [first] = Object.keys(found);
    if (first === undefined) return onSave(draft);
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  return { draft, problems, change, submit, form };
}
