import type { FormEvent, KeyboardEvent, ReactNode, RefObject } from "react";
import { useEffect, useRef, useState } from "react";
import type { Speech } from "@/components/words/speech";
import { useSpeech, useWords } from "@/components/words/words";
import { Button } from "./button";
import { isComposing } from "./keys";

interface DraftFormProps {
  name: string;
  form: RefObject<HTMLFormElement | null>;
  /** The problem of the whole form; undefined if there is none. */
  problem: string | undefined;
  saveLabel: string;
  submit: (event?: FormEvent) => void;
  onCancel: () => void;
  children: ReactNode;
}

/** The frame of a form's fields. Ctrl or ⌘ with Enter saves; Escape changes nothing. */
export function DraftForm({ name, form, problem, saveLabel, submit, onCancel, children }: DraftFormProps) {
  const { common } = useWords();

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
          {common.cancel}
        </Button>
        <Button look="primary" type="submit">
          {saveLabel}
        </Button>
      </div>
    </form>
  );
}

/** The problems by field; `form` concerns the whole form. */
export type Problems<Draft> = { [Field in keyof Draft | "form"]?: string | undefined };

interface DraftFormOptions<Draft> {
  initial: Draft;
  /** The problems that the server found in the draft that was sent before. */
  refused: Problems<Draft>;
  /** The problems of a draft that can be found before it is sent. */
  problemsOf: (draft: Draft, speech: Speech) => Problems<Draft>;
  onSave: (draft: Draft) => void;
  onChange?: ((draft: Draft) => void) | undefined;
}

/** A form's draft and its problems. The focus begins in the first control, or in the first one with a problem. */
export function useDraftForm<Draft>({ initial, refused, problemsOf, onSave, onChange }: DraftFormOptions<Draft>) {
  const speech = useSpeech();
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
    const found = problemsOf(draft, speech);
    setProblems(found);
    const [first] = Object.keys(found);
    if (first === undefined) return onSave(draft);
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  return { draft, problems, change, submit, form };
}

interface OpenForm<Draft> {
  draft: Draft;
  /** The problems that the server found in the draft. */
  refused: Problems<Draft>;
}

interface ItemFormOptions<Draft> {
  /** The draft with which the form opens at once; null if it begins closed. */
  initial?: Draft | null;
  /** Saves the draft. Resolves with the problems that the server found, or with null when the draft is saved. */
  save: (draft: Draft) => Promise<Problems<Draft> | null>;
  /** The form closes. The caller moves the focus. */
  onClose: () => void;
}

/**
 * The form of one item, open or closed. Saving closes it at once. It opens again with the same draft when the server
 * refuses it.
 */
export function useItemForm<Draft>({ initial = null, save, onClose }: ItemFormOptions<Draft>) {
  const [form, setForm] = useState<OpenForm<Draft> | null>(initial && { draft: initial, refused: {} });
  const [saving, setSaving] = useState(false);

  function open(draft: Draft) {
    setForm({ draft, refused: {} });
  }

  function close() {
    onClose();
    setForm(null);
  }

  async function submit(draft: Draft) {
    close();
    setSaving(true);
    const refused = await save(draft);
    setSaving(false);
    if (refused !== null) setForm({ draft, refused });
  }

  return { form, saving, open, close, submit };
}
