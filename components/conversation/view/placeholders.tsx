import Link from "next/link";
import type { DescribedError } from "@/components/trpc/errors";
import { Button, buttonClass } from "@/components/ui/button";
import { MirrorMark } from "@/components/ui/mirror-mark";
import { NoticePage } from "@/components/ui/notice-page";
import { SkeletonLine } from "@/components/ui/skeleton";

/** Takes the place of a conversation that could not be shown. */
export function ConversationTrouble({ error, onRetry }: { error: DescribedError; onRetry: () => void }) {
  if (error.code === "NOT_FOUND") return <SessionNotFound />;
  return (
    <NoticePage
      title="This conversation could not be loaded"
      actions={
        <Button look="primary" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <p>{error.message}</p>
      {error.requestId !== null && <p className="mt-3 text-sm">Reference: {error.requestId}</p>}
    </NoticePage>
  );
}

export function SessionNotFound() {
  return (
    <div data-testid="session-not-found" className="flex flex-1">
      <NoticePage
        title="There is no such conversation"
        actions={
          <Link href="/clarify" className={buttonClass("primary")}>
            Go to your conversations
          </Link>
        }
      >
        It may have been removed, or it belongs to somebody else.
      </NoticePage>
    </div>
  );
}

/** The shape of a conversation that is on its way. */
export function ConversationSkeleton() {
  return (
    <div role="status" className="mx-auto flex w-full max-w-2xl flex-1 flex-col justify-end gap-8 px-4 py-8 sm:px-6">
      <span className="sr-only">Loading the conversation…</span>
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

const BEGINNINGS = [
  "Lately I keep thinking about ",
  "There is a choice that I keep putting off, ",
  "If nobody expected anything of me, I would ",
];

/** What an empty conversation shows: an invitation, and a few ways to begin. */
export function Opening({ onBegin }: { onBegin: (words: string) => void }) {
  return (
    <div
      className="mx-auto flex max-w-xl flex-1 flex-col items-center justify-center py-10 text-center"
      data-testid="opening"
    >
      <MirrorMark className="mb-5 size-11 text-water" />
      <h2 className="text-2xl">What is on your mind?</h2>
      <p className="mt-2 font-serif text-ink-soft text-lg leading-8">It does not have to be a goal yet.</p>
      <ul className="mt-8 flex flex-col gap-2.5">
        {BEGINNINGS.map((words) => (
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
    </div>
  );
}
