"use client";

import Link from "next/link";
import type { DescribedError } from "@/components/trpc/errors";
import { Button, buttonClass } from "@/components/ui/button";
import { NoticePage } from "@/components/ui/notice-page";
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
