import Link from "next/link";
import type { KeyboardEvent } from "react";
import { useEffect, useRef, useState } from "react";
import { classNames } from "@/components/ui/class-names";
import { isComposing } from "@/components/ui/keys";
import { useWarmSession } from "@/components/warm/use-warm";
import { useSpeech, useWords } from "@/components/words/words";
import { onIntent } from "@/server/context/react";
import { cutTo, FIELD_LIMITS } from "@/server/field-limits";
import type { Session } from "@/server/sessions/router";
import { SessionMenu } from "./session-menu";
import { activityWords } from "./session-words";
import { useSessionActions } from "./use-session-actions";

interface SessionRowProps {
  session: Session;
  current: boolean;
  now: Date;
  /** Called when the person opens a session. */
  onLeave: () => void;
}

/** A conversation in the list: a link to it, and its menu. */
export function SessionRow({ session, current, now, onLeave }: SessionRowProps) {
  const [renaming, setRenaming] = useState(false);
  const warm = useWarmSession();
  const speech = useSpeech();
  const { words, plural } = speech;
  const { id, title, messageCount, lastMessageAt, offRecord } = session;
  const name = title ?? words.sessions.untitled;

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
              className={classNames(
                "block truncate text-sm text-left in-[html[dir=rtl]]:text-right leading-6",
                current && "font-medium",
              )}
            >
              {name}
            </span>
            <span className="block text-ink-soft text-xs tabular-nums leading-4">
              <span data-testid="message-count">{plural(words.sessions.messages, messageCount)}</span>
              {" · "}
              <time dateTime={lastMessageAt}>{activityWords(lastMessageAt, now, speech)}</time>
              {offRecord && ` · ${words.sessions.offRecord}`}
            </span>
          </Link>
          <SessionMenu session={session} current={current} onRename={() => setRenaming(true)} />
        </>
      )}
    </li>
  );
}

/** Renames a session in its place. Enter or leaving the field saves; Escape does not. */
function RenameField({ session, onDone }: { session: Session; onDone: () => void }) {
  const { rename } = useSessionActions();
  const { sessions } = useWords();
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
