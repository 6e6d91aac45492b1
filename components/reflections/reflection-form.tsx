import type { FormEvent, KeyboardEvent } from "react";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { CONTROL, FormField } from "@/components/ui/form-field";
import type { Dream } from "@/server/dreams/dream";
import type { ReflectionDraft, ReflectionProblems } from "./reflection-draft";
import { problemsOf, TONES } from "./reflection-draft";

interface ReflectionFormProps {
  name: string;
  initial: ReflectionDraft;
  /** What the server found wrong with what was sent before. */
  refused: ReflectionProblems;
  dreams: readonly Dream[];
  saveLabel: string;
  onSave: (draft: ReflectionDraft) => void;
  /** Told of every change, to keep what is not saved yet. */
  onChange?: (draft: ReflectionDraft) => void;
  onCancel: () => void;
}

/** Puts a reflection into words: what, how it felt, and which dream it is about. Ctrl or ⌘ with Enter saves. */
export function ReflectionForm({ name, initial, refused, dreams, saveLabel, ...on }: ReflectionFormProps) {
  const [draft, setDraft] = useState(initial);
  const [problems, setProblems] = useState(refused);
  const form = useRef<HTMLFormElement>(null);
  const suggestions = useId();

  useEffect(() => {
    const wrong = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    (wrong ?? form.current?.querySelector("textarea"))?.focus();
  }, []);

  function change(field: keyof ReflectionDraft, value: string) {
    const changed = { ...draft, [field]: value };
    setDraft(changed);
    setProblems(({ [field]: _, form: __, ...others }) => others);
    on.onChange?.(changed);
  }

  function submit(event?: FormEvent) {
    event?.preventDefault();
    const found = problemsOf(draft);
    setProblems(found);
    const [first] = Object.keys(found);
    if (first === undefined) return on.onSave(draft);
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit();
    if (event.key === "Escape") {
      event.stopPropagation();
      on.onCancel();
    }
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
      <FormField label="What happened, and what did it do to you?" error={problems.content}>
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
        <FormField label="In a word, how was it?" error={problems.tone}>
          {(control) => (
            <>
              <input
                {...control}
                name="tone"
                dir="auto"
                list={suggestions}
                value={draft.tone}
                onChange={(event) => change("tone", event.target.value)}
                placeholder="calm, torn, hopeful…"
                autoComplete="off"
                className={CONTROL}
              />
              <datalist id={suggestions}>
                {TONES.map((tone) => (
                  <option key={tone} value={tone} />
                ))}
              </datalist>
            </>
          )}
        </FormField>
        <FormField label="About a dream?" error={problems.dreamId}>
          {(control) => (
            <select
              {...control}
              name="dreamId"
              value={draft.dreamId}
              onChange={(event) => change("dreamId", event.target.value)}
              className={CONTROL}
            >
              <option value="">No, about the day</option>
              {dreams.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </FormField>
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="plain" onClick={on.onCancel}>
          Cancel
        </Button>
        <Button look="primary" type="submit">
          {saveLabel}
        </Button>
      </div>
    </form>
  );
}
