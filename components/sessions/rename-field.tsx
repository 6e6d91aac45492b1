import type { KeyboardEvent } from "react";
import { useEffect, useRef } from "react";
import { isComposing } from "@/components/ui/keys";
import { useWords } from "@/components/words/words";
import { cutTo, FIELD_LIMITS } from "@/server/field-limits";

interface RenameFieldProps {
  title: string | null;
  /** Called with a title that is not empty and has changed. */
  onRename: (title: string) => void;
  onDone: () => void;
}

/** Renames a session in its place. Enter or leaving the field saves; Escape does not. */
export function RenameField({ title: before, onRename, onDone }: RenameFieldProps) {
  const { sessions } = useWords();
  const field = useRef<HTMLInputElement>(null);
  const cancelled = useRef(false);

  useEffect(() => field.current?.select(), []);

  function save() {
    const title = field.current?.value.trim() ?? "";
    if (!cancelled.current && title !== "" && title !== before) onRename(title);
    onDone();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    cancelled.current = event.key === "Escape";
    field.current?.blur();
  }

  return (
    <input
      ref={field}
      defaultValue={before ?? ""}
      placeholder={sessions.untitled}
      onInput={({ currentTarget: input }) => {
        const cut = cutTo(input.value, FIELD_LIMITS.sessionTitle);
        if (cut !== input.value) input.value = cut;
      }}
      dir="auto"
      aria-label={sessions.title}
      data-keeps-escape
      onBlur={save}
      onKeyDown={onKeyDown}
      className="m-1 min-h-11 min-w-0 flex-1 rounded-lg border border-edge bg-sheet px-2 text-sm"
    />
  );
}
