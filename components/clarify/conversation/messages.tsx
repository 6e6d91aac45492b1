"use client";

import { describeError } from "@/components/trpc/errors";
import type { Message } from "@/server/conversation/events";
import { announcement } from "./announcement";
import { ConversationSkeleton } from "./conversation-skeleton";
import { ConversationTrouble } from "./conversation-trouble";
import { MessageScroller } from "./message-scroller";
import { useMarkdownAhead } from "./reply-text";
import { useConversation } from "./use-conversation";
import { useResend } from "./use-resend";

interface MessagesProps {
  sessionId: string;
  /** Puts first words into the composer. */
  onBegin: (words: string) => void;
}

/** The conversation so far, or why it is not there. Renders in the browser only. */
export function Messages({ sessionId, onBegin }: MessagesProps) {
  const { query, messages, entries, latestTurn } = useConversation(sessionId);
  useMarkdownAhead();

  if (query.isPending) return <ConversationSkeleton />;
  if (query.data === undefined) {
    return <ConversationTrouble error={describeError(query.error)} onRetry={() => void query.refetch()} />;
  }
  return (
    <>
      <Resend sessionId={sessionId} messages={messages} />
      <MessageScroller
        sessionId={sessionId}
        entries={entries}
        latestTurn={latestTurn}
        older={{
          available: query.hasNextPage,
          loading: query.isFetchingNextPage,
          failed: query.isFetchNextPageError,
          load: query.fetchNextPage,
        }}
        onBegin={onBegin}
      />
      <p role="status" className="sr-only" data-testid="announcer">
        {announcement(latestTurn)}
      </p>
    </>
  );
}

/** Only where the stored messages are known: what is among them has been sent. */
function Resend({ sessionId, messages }: { sessionId: string; messages: readonly Message[] }) {
  useResend(sessionId, messages);
  return null;
}
