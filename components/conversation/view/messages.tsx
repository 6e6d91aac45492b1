"use client";

import Link from "next/link";
import { HELP_LINES } from "@/components/about/paths";
import { describeError } from "@/components/trpc/errors";
import { deferRendered } from "@/components/ui/deferred";
import { useHydrated } from "@/components/ui/hydration";
import { LINK } from "@/components/ui/link";
import { RetryNotice } from "@/components/ui/retry-notice";
import { useSpeech } from "@/components/words/words";
import type { Message } from "@/server/conversation/events";
import { useConversation } from "../entries/use-conversation";
import { useJoinReply } from "../sending/use-join-reply";
import { useResend } from "../sending/use-resend";
import { announcement } from "./announcement";
import { ConversationSkeleton, ConversationTrouble } from "./placeholders";
import { ServerHtmlFirst } from "./server-html";

interface MessagesProps {
  sessionId: string;
  /** Whether the server has sent them with the page. */
  sent: boolean;
  /** Puts the first words of a message into the composer. */
  onBegin: (words: string) => void;
}

const useMessageScroller = deferRendered(() => import("./message-scroller"));

/** The conversation so far, or why it cannot be shown. */
export function Messages({ sessionId, sent, onBegin }: MessagesProps) {
  const { query, isKnown, messages, entries, latestTurn } = useConversation(sessionId);
  const hydrated = useHydrated();
  const { Component: MessageScroller, failure, retry } = useMessageScroller();
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
      <ServerHtmlFirst ready={MessageScroller !== null} urgent={entries.length === 0 || latestTurn !== undefined}>
        {(left) =>
          MessageScroller !== null ? (
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
              left={left}
              onBegin={onBegin}
            />
          ) : (
            failure === null && <ConversationSkeleton />
          )
        }
      </ServerHtmlFirst>
      {failure !== null && (
        <div className="mx-auto flex w-full max-w-2xl flex-col items-start gap-3 px-4 py-3 sm:px-6">
          <RetryNotice text={failure} onRetry={retry} />
          {/* Without that code nobody is shown help beside what they write. */}
          <Link href={HELP_LINES} prefetch={false} className={LINK}>
            {speech.words.help.title}
          </Link>
        </div>
      )}
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
