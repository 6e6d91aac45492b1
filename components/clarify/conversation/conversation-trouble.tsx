import Link from "next/link";
import type { DescribedError } from "@/components/trpc/errors";
import { Button, buttonClass } from "@/components/ui/button";
import { NoticePage } from "@/components/ui/notice-page";

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
