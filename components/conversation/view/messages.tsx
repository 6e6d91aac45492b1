"use client";

import { ArrowDown } from "lucide-react";
import { useEffect, useMemo } from "react";
import { describeError } from "@/components/trpc/errors";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { useHydrated } from "@/components/ui/hydration";
import { ON_SERVER } from "@/components/ui/on-server";
import { useSpeech, useWords } from "@/components/words/words";
import type { Message } from "@/server/conversation/events";
import type { Entry } from "../entries/entries";
import { useConversation } from "../entries/use-conversation";
import { usePrint, usePrintKey } from "../print/use-print";
import { useJoinReply } from "../sending/use-join-reply";
import { useResend } from "../sending/use-resend";
import { useKnownSession } from "../state/use-known-session";
import type { Turn } from "../turn/turn";
import { isRunning } from "../turn/turn";
import { announcement } from "./announcement";
import { useCrisisCheck } from "./crisis-check";
import { EntryList } from "./entry-list";
import { moveThroughMessages } from "./message-keys";
import { ConversationSkeleton, ConversationTrouble, Opening } from "./placeholders";
import { ReceiptsProvider } from "./receipts";
import { useRenderer } from "./reply-text";
import { ServerHtmlFirst } from "./server-html";
import { useAskedMessage } from "./use-asked-message";
import { useEntryActions } from "./use-entry-actions";
import { useFollowNewest, useLoadOlder } from "./use-scroll";

interface MessagesProps {
  sessionId: string;
  /** Whether the server has sent them with the page. */
  sent: boolean;
  /** Puts the first words of a message into the composer. */
  onBegin: (words: string) => void;
}

/** The conversation so far, or why it cannot be shown. */
export function Messages({ sessionId, sent, onBegin }: MessagesProps) {
  const { query, isKnown, messages, entries, latestTurn } = useConversation(sessionId);
  const hydrated = useHydrated();
  const isLoaded = [useRenderer(), useCrisisCheck()].every((part) => part !== null);
  const speech = useSpeech();

  // A read that streams in after the HTML may end before the hydration.
  if (!hydrated && !sent) return <ConversationSkeleton />;
  if (!isKnown) {
    if (query.isPending) return <ConversationSkeleton />;
    return (
      <ConversationTrouble error={describeError(query.error, speech.words)} onRetry={() => void query.refetch()} />
    );
  }
  return (
    <>
      <KeepUp sessionId={sessionId} messages={messages} readAt={query.dataUpdatedAt} />
      <ServerHtmlFirst ready={isLoaded} urgent={entries.length === 0 || latestTurn !== undefined}>
        {(fromEnd) => (
          <ReceiptsProvider sessionId={sessionId} messages={messages}>
            <MessageScroller
              sessionId={sessionId}
              messages={messages}
              entries={entries}
              latestTurn={latestTurn}
              older={{
                available: query.hasNextPage,
                loading: query.isFetchingNextPage,
                failed: query.isFetchNextPageError,
                load: query.fetchNextPage,
              }}
              fromEnd={fromEnd}
              onBegin={onBegin}
            />
          </ReceiptsProvider>
        )}
      </ServerHtmlFirst>
      <p role="status" className="sr-only" data-testid="announcer">
        {announcement(latestTurn, speech)}
      </p>
    </>
  );
}

interface KeepUpProps {
  sessionId: string;
  messages: readonly Message[];
  /** When they were read, in milliseconds since the epoch. */
  readAt: number;
}

/**
 * Rendered only when the stored messages are known: a message among them has been sent, and the last one may be under
 * way.
 */
function KeepUp({ sessionId, messages, readAt }: KeepUpProps) {
  useResend(sessionId, messages);
  useJoinReply(sessionId, messages, readAt);
  return null;
}

interface MessageScrollerProps {
  sessionId: string;
  /** The stored ones. */
  messages: readonly Message[];
  entries: readonly Entry[];
  latestTurn: Turn | undefined;
  older: OlderMessages;
  /** How far from the newest message the reader is at first, in pixels. */
  fromEnd: Readonly<{ current: number }>;
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
function MessageScroller({ sessionId, messages, entries, latestTurn, older, fromEnd, onBegin }: MessageScrollerProps) {
  const actions = useEntryActions(sessionId, onBegin);
  const { conversation } = useWords();
  const { scroller, content, onScroll, away, jumpToNewest, jumpToEntry } = useFollowNewest(entries[0]?.key, fromEnd);

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
    <>
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
    </>
  );
}
