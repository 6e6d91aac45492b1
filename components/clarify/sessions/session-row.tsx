import Link from "next/link";
import { useState } from "react";
import { classNames } from "@/components/ui/class-names";
import type { Session } from "@/server/sessions/router";
import { activityWords } from "./activity-words";
import { RenameField } from "./rename-field";
import { SessionMenu } from "./session-menu";
import { UNTITLED } from "./session-title";
import { useWarmSession } from "./use-warm-session";

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
  const ready = () => warm(id);

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
            onPointerEnter={ready}
            onFocus={ready}
            onTouchStart={ready}
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
