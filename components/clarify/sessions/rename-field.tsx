import type { KeyboardEvent } from "react";
import { useEffect, useRef } from "react";
import { isComposing } from "@/components/ui/keys";
import { FIELD_LIMITS } from "@/server/field-limits";
import type { Session } from "@/server/sessions/router";
import { UNTITLED } from "./session-title";
import { useSessionActions } from "./use-session-actions";

/** Renames a session where it stands: Enter or leaving the field saves, Escape does not. */
export function RenameField({ session, onDone }: { session: Session; onDone: () => void }) {
  const { rename } = useSessionActions();
  const field = useRef<HTMLInputElement>(null);
  const cancelled = useRef(false);

  useEffect(() => field.current?.select(), []);

  function save() {
    const title = field.current?.value.trim() ?? "";
    if (!cancelled.current && title !== "" && title !== session.title) void rename(session, title);
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
      defaultValue={session.title ?? ""}
      placeholder={UNTITLED}
      maxLength={FIELD_LIMITS.sessionTitle}
      dir="auto"
      aria-label="Conversation title"
      data-keeps-escape
      onBlur={save}
      onKeyDown={onKeyDown}
      className="m-1 min-h-11 min-w-0 flex-1 rounded-lg border border-edge bg-sheet px-2 text-sm"
    />
  );
}
