import Link from "next/link";
import type { KeyboardEvent } from "react";
import { useEffect, useRef, useState } from "react";
import { classNames } from "@/components/ui/class-names";
import { isComposing } from "@/components/ui/keys";
import { useWarmSession } from "@/components/warm/use-warm";
import { onIntent } from "@/server/context/react";
import { FIELD_LIMITS } from "@/server/field-limits";
import type { Session } from "@/server/sessions/router";
import { SessionMenu } from "./session-menu";
import { activityWords, UNTITLED } from "./session-words";
import { useSessionActions } from "./use-session-actions";

interface SessionRowProps {
  session: Session;
  current: boolean;
  now: Date;
  /** The person goes to a session. */
  onLeave: () => void;
}

/** A conversation in the list: opens it, and holds what can be done with it. */
export function SessionRow({ session, current, now, onLeave }: SessionRowProps) {
  const [renaming, setRenaming] = useState(false);
  const warm = useWarmSession();
  const { id, title, messageCount, lastMessageAt } = session;
  const name = title ?? UNTITLED;

  return (
    <li
      data-testid="session-row"
      data-session-id={id}
      className={classNames(
        "group/row relative flex items-center rounded-xl transition-colors",
        current ? "bg-shade" : "hover:bg-shade/60",
      )}
    >
      {renaming ? (
        <RenameField session={session} onDone={() => setRenaming(false)} />
      ) : (
        <>
          <Link
            href={`/clarify/${id}`}
            prefetch={false}
            aria-current={current ? "page" : undefined}
            {...onIntent(() => warm(id))}
            onClick={onLeave}
            data-session-link
            className="min-w-0 flex-1 rounded-xl py-2 ps-3 pe-11"
          >
            <span
              dir="auto"
              className={classNames("block truncate text-left text-sm leading-6", current && "font-medium")}
            >
              {name}
            </span>
            <span className="block text-ink-soft text-xs tabular-nums leading-4">
              <span data-testid="message-count">{messageCount === 1 ? "1 message" : `${messageCount} messages`}</span>
              {" · "}
              <time dateTime={lastMessageAt}>{activityWords(lastMessageAt, now)}</time>
            </span>
          </Link>
          <SessionMenu session={session} current={current} onRename={() => setRenaming(true)} />
        </>
      )}
    </li>
  );
}

/** Renames a session where it stands: Enter or leaving the field saves, Escape does not. */
function RenameField({ session, onDone }: { session: Session; onDone: () => void }) {
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
