import { BookOpenText, PanelLeft } from "lucide-react";
import { useEffect } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { SkeletonLine } from "@/components/ui/skeleton";
import { UNTITLED } from "../sessions/session-title";
import { useKnownSession } from "./use-known-session";

interface ConversationHeaderProps {
  sessionId: string;
  onShowSessions: () => void;
  onShowInspector: () => void;
}

/** What the conversation is called, and on narrow pages the ways to what does not fit beside it. */
export function ConversationHeader({ sessionId, onShowSessions, onShowInspector }: ConversationHeaderProps) {
  const session = useKnownSession(sessionId);
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-line border-b px-2 sm:px-4">
      <IconButton label="Show conversations" className="lg:hidden" onClick={onShowSessions}>
        <PanelLeft aria-hidden />
      </IconButton>
      <div className="min-w-0 flex-1 px-2">
        {session === null && (
          <>
            <h1 className="sr-only">Conversation</h1>
            <SkeletonLine className="h-5 w-40" />
          </>
        )}
        {session !== null && session !== "missing" && <Title title={session.title ?? UNTITLED} />}
      </div>
      {session !== "missing" && (
        <IconButton label="What the mirror knows" className="xl:hidden" onClick={onShowInspector}>
          <BookOpenText aria-hidden />
        </IconButton>
      )}
    </header>
  );
}

function Title({ title }: { title: string }) {
  useEffect(() => {
    document.title = `${title} · Clarify`;
  }, [title]);

  return (
    <h1 dir="auto" className="truncate text-left text-lg" title={title}>
      {title}
    </h1>
  );
}
