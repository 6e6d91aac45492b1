import { ArrowDown } from "lucide-react";
import type { RefObject } from "react";
import { useEffect, useMemo } from "react";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { ON_SERVER } from "@/components/ui/on-server";
import { useWords } from "@/components/words/words";
import type { Message } from "@/server/conversation/events";
import type { Entry } from "../entries/entries";
import { usePrint, usePrintKey } from "../print/use-print";
import { useKnownSession } from "../state/use-known-session";
import type { Turn } from "../turn/turn";
import { isRunning } from "../turn/turn";
import { EntryList } from "./entry-list";
import { moveThroughMessages } from "./message-keys";
import { Opening } from "./opening";
import { ReceiptsProvider } from "./receipts";
import type { Reader } from "./server-html";
import { useAskedMessage } from "./use-asked-message";
import { useEntryActions } from "./use-entry-actions";
import { useFollowNewest, useLoadOlder } from "./use-scroll";

interface MessageScrollerProps {
  sessionId: string;
  /** The stored ones. */
  messages: readonly Message[];
  entries: readonly Entry[];
  latestTurn: Turn | undefined;
  older: OlderMessages;
  /** Where the reader is at first. */
  left: Readonly<RefObject<Reader>>;
  /** Puts words into the composer. */
  onBegin: (words: string) => void;
}

interface OlderMessages {
  available: boolean;
  loading: boolean;
  failed: boolean;
  load: () => unknown;
}

/** The messages in their scroller, the newest at the bottom. Older ones load while scrolling up. */
export default function MessageScroller(props: MessageScrollerProps) {
  const { sessionId, messages, entries, latestTurn, older, left, onBegin } = props;
  const actions = useEntryActions(sessionId, onBegin);
  const { conversation } = useWords();
  const { scroller, content, onScroll, away, jumpToNewest, jumpToEntry } = useFollowNewest(entries[0]?.key, left);

  const { available, loading, failed, load } = older;
  const loadOlder = useMemo(
    () => (available && !loading && !failed ? () => void load() : null),
    [available, loading, failed, load],
  );
  const sentinel = useLoadOlder(scroller, loadOlder);
  useAskedMessage({ messages, loadOlder, jumpToEntry });
  const print = usePrint(sessionId);
  usePrintKey(available ? print : null);

  const newestTurnId =
    entries.findLast(({ kind }) => kind === "said")?.key === latestTurn?.id ? latestTurn?.id : undefined;
  useEffect(() => {
    if (newestTurnId !== undefined) jumpToNewest();
  }, [newestTurnId, jumpToNewest]);

  const session = useKnownSession(sessionId);
  const archived = session !== null && session !== "missing" && session.status === "archived";
  const replying = latestTurn !== undefined && isRunning(latestTurn);
  return (
    <ReceiptsProvider sessionId={sessionId} messages={messages}>
      <section
        ref={scroller}
        onScroll={onScroll}
        onKeyDown={moveThroughMessages}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
        tabIndex={0}
        aria-label={conversation.messages}
        data-testid="messages"
        className={classNames(
          "print-flow flex min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none] focus-visible:outline-offset-[-2px]",
          // Without a script, only the reverse direction begins at the end.
          ON_SERVER ? "flex-col-reverse" : "flex-col",
        )}
      >
        <div
          ref={content}
          className="print-flow mx-auto flex w-full max-w-2xl flex-1 flex-col gap-3 px-4 pt-4 pb-4 sm:px-6"
        >
          <div ref={sentinel} aria-hidden />
          {available && <p className="hidden text-ink-soft text-sm print:block">{conversation.notAllPrinted}</p>}
          {loading && <p className="text-center text-ink-soft text-sm">{conversation.loadingEarlier}</p>}
          {failed && (
            <Button look="plain" className="self-center" onClick={() => void load()}>
              {conversation.earlierFailed}
            </Button>
          )}
          {entries.length === 0 ? (
            <Opening sessionId={sessionId} onBegin={onBegin} />
          ) : (
            <EntryList sessionId={sessionId} entries={entries} actions={replying || archived ? null : actions} />
          )}
        </div>
      </section>
      {away && (
        <Button
          look="quiet"
          className="absolute inset-x-0 bottom-3 mx-auto w-fit animate-settle rounded-full shadow-lift"
          onClick={jumpToNewest}
        >
          <ArrowDown aria-hidden className="size-4" />
          {conversation.newest}
        </Button>
      )}
    </ReceiptsProvider>
  );
}
