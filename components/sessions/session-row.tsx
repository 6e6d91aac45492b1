import Link from "next/link";
import { useState } from "react";
import { classNames } from "@/components/ui/class-names";
import { useWarmSession } from "@/components/warm/use-warm";
import { useSpeech } from "@/components/words/words";
import { onIntent } from "@/server/context/react";
import type { Session } from "@/server/sessions/router";
import { RenameField } from "./rename-field";
import { SessionMenu } from "./session-menu";
import { activityWords } from "./session-words";
import { useSessionActions } from "./use-session-actions";

interface SessionRowProps {
  session: Session;
  /** Whether the server does not have it yet. */
  unsent: boolean;
  current: boolean;
  now: Date;
  /** Called when the person opens a session. */
  onLeave: () => void;
}

/** A conversation in the list: a link to it, and its menu. */
export function SessionRow({ session, unsent, current, now, onLeave }: SessionRowProps) {
  const [renaming, setRenaming] = useState(false);
  const { rename } = useSessionActions();
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
        <RenameField
          title={title}
          onRename={(changed) => void rename(session, changed)}
          onDone={() => setRenaming(false)}
        />
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
              className={classNames("block truncate text-sm text-page-start leading-6", current && "font-medium")}
            >
              {name}
            </span>
            <span className="block text-ink-soft text-xs tabular-nums leading-4">
              <span data-testid="message-count">
                {unsent ? words.sessions.notSent : plural(words.sessions.messages, messageCount)}
              </span>
              {" · "}
              <time dateTime={lastMessageAt}>{activityWords(lastMessageAt, now, speech)}</time>
              {offRecord && ` · ${words.sessions.offRecord}`}
            </span>
          </Link>
          {!unsent && <SessionMenu session={session} current={current} onRename={() => setRenaming(true)} />}
        </>
      )}
    </li>
  );
}
