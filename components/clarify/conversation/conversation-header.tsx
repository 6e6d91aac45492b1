"use client";

import { BookOpenText, PanelLeft } from "lucide-react";
import { useEffect } from "react";
import { trpc } from "@/components/trpc/trpc";
import { AfterHydration } from "@/components/ui/after-hydration";
import { IconButton } from "@/components/ui/icon-button";
import { SkeletonLine } from "@/components/ui/skeleton";
import { UNTITLED } from "../sessions/session-pages";

interface ConversationHeaderProps {
  sessionId: string;
  onShowSessions: () => void;
  onShowInspector: () => void;
}

/** What the conversation is called, and on narrow pages the ways to what does not fit beside it. */
export function ConversationHeader({ sessionId, onShowSessions, onShowInspector }: ConversationHeaderProps) {
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-line border-b px-2 sm:px-4">
      <IconButton label="Show conversations" className="lg:hidden" onClick={onShowSessions}>
        <PanelLeft aria-hidden />
      </IconButton>
      <div className="min-w-0 flex-1 px-2">
        <AfterHydration fallback={<TitlePlaceholder />}>
          <Title sessionId={sessionId} />
        </AfterHydration>
      </div>
      <IconButton label="What the mirror knows" className="xl:hidden" onClick={onShowInspector}>
        <BookOpenText aria-hidden />
      </IconButton>
    </header>
  );
}

function Title({ sessionId }: { sessionId: string }) {
  const session = trpc.sessions.get.useQuery({ sessionId });
  const title = session.data ? (session.data.title ?? UNTITLED) : null;

  useEffect(() => {
    if (title !== null) document.title = `${title} · Clarify`;
  }, [title]);

  if (title === null) return session.isPending ? <TitlePlaceholder /> : <h1 className="text-lg">Conversation</h1>;
  return (
    <h1 dir="auto" className="truncate text-lg" title={title}>
      {title}
    </h1>
  );
}

function TitlePlaceholder() {
  return (
    <>
      <h1 className="sr-only">Conversation</h1>
      <SkeletonLine className="h-5 w-40" />
    </>
  );
}
