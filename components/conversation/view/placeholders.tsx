"use client";

import Link from "next/link";
import { lazy, Suspense } from "react";
import type { DescribedError } from "@/components/trpc/errors";
import { Button, buttonClass } from "@/components/ui/button";
import { MirrorMark } from "@/components/ui/mirror-mark";
import { NoticePage } from "@/components/ui/notice-page";
import { ON_SERVER } from "@/components/ui/on-server";
import { SkeletonLine } from "@/components/ui/skeleton";
import { useSpeech, useWords } from "@/components/words/words";

/** Shown in place of a conversation that could not be loaded. */
export function ConversationTrouble({ error, onRetry }: { error: DescribedError; onRetry: () => void }) {
  const { words, fill } = useSpeech();
  if (error.code === "NOT_FOUND") return <SessionNotFound />;
  return (
    <NoticePage
      title={words.conversation.notLoaded}
      actions={
        <Button look="primary" onClick={onRetry}>
          {words.common.tryAgain}
        </Button>
      }
    >
      <p>{error.message}</p>
      {error.requestId !== null && (
        <p className="mt-3 text-sm">{fill(words.common.reference, { id: error.requestId })}</p>
      )}
    </NoticePage>
  );
}

export function SessionNotFound() {
  const { conversation, notFound } = useWords();
  return (
    <div data-testid="session-not-found" className="flex flex-1">
      <NoticePage
        title={conversation.missing}
        actions={
          <Link href="/clarify" className={buttonClass("primary")}>
            {notFound.onward}
          </Link>
        }
      >
        {conversation.missingText}
      </NoticePage>
    </div>
  );
}

/** Placeholder of a conversation that is loading. */
export function ConversationSkeleton() {
  const { conversation } = useWords();
  return (
    <div role="status" className="mx-auto flex w-full max-w-2xl flex-1 flex-col justify-end gap-8 px-4 py-8 sm:px-6">
      <span className="sr-only">{conversation.loading}</span>
      {[0, 1].map((turn) => (
        <div key={turn} className="flex flex-col gap-3">
          <SkeletonLine className="mb-3 h-11 w-3/5 self-end rounded-2xl" />
          <SkeletonLine />
          <SkeletonLine className="w-11/12" />
          <SkeletonLine className="w-2/3" />
        </div>
      ))}
    </div>
  );
}

interface OpeningProps {
  sessionId: string;
  onBegin: (words: string) => void;
}

/** Without it, the conversation begins as well. */
const DrawnOpening = lazy(() => import("@/components/opening/drawn-opening").catch(() => ({ default: () => null })));

/** The content of an empty conversation: an invitation, and a few ways to begin. */
export function Opening({ sessionId, onBegin }: OpeningProps) {
  const { conversation } = useWords();
  return (
    <div
      className="mx-auto flex max-w-xl flex-1 flex-col items-center justify-center py-10 text-center"
      data-testid="opening"
    >
      <MirrorMark className="mb-5 size-11 text-water" />
      <h2 className="text-2xl">{conversation.openingTitle}</h2>
      <p className="mt-2 font-serif text-ink-soft text-lg leading-8">{conversation.openingText}</p>
      <ul className="mt-8 flex flex-col gap-2.5">
        {conversation.beginnings.map((words) => (
          <li key={words}>
            <button
              type="button"
              onClick={() => onBegin(words)}
              className="min-h-11 rounded-full border border-line bg-sheet px-5 py-2 font-serif text-ink-soft transition-colors hover:border-edge hover:text-ink"
            >
              {words.replace(/[\s,]+$/, "")}…
            </button>
          </li>
        ))}
      </ul>
      {/* Its room is kept, so that nothing moves when it appears. */}
      <div className="mt-8 min-h-20 w-full">
        {!ON_SERVER && (
          <Suspense fallback={null}>
            <DrawnOpening sessionId={sessionId} onBegin={onBegin} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
