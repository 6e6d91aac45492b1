"use client";

import { Plus } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { MainNav } from "@/components/navigation/main-nav";
import { SessionsPanel } from "@/components/sessions/deferred-panel";
import { SessionListSkeleton } from "@/components/sessions/session-list-skeleton";
import { useOpenConversation } from "@/components/sessions/use-open-conversation";
import { Button } from "@/components/ui/button";
import { AfterHydration } from "@/components/ui/hydration";
import { MirrorMark } from "@/components/ui/mirror-mark";
import { NoticePage } from "@/components/ui/notice-page";
import { useWide } from "@/components/ui/use-media-query";
import { useWords } from "@/components/words/words";

/** The page without an open conversation: an invitation, or on narrow pages the list of conversations. */
export function Home() {
  useBeginning();
  return (
    <>
      <div className="flex min-w-0 flex-1 flex-col short:overflow-y-auto lg:hidden">
        <h1 className="flex h-14 shrink-0 items-center gap-2.5 px-5 text-lg">
          <MirrorMark className="size-6 text-water" />
          Clarify
        </h1>
        <MainNav />
        <AfterHydration fallback={<SessionListSkeleton />}>
          <PanelWhereNarrow />
        </AfterHydration>
      </div>
      <div className="hidden min-w-0 flex-1 lg:flex">
        <Invitation />
      </div>
    </>
  );
}

/** Opens a conversation at once for somebody who has just opened their account (`?begin`). */
function useBeginning(): void {
  const asked = useSearchParams().has("begin");
  const open = useOpenConversation("replace");
  useEffect(() => {
    if (asked) open();
  }, [asked, open]);
}

function PanelWhereNarrow() {
  return useWide() ? null : <SessionsPanel />;
}

function Invitation() {
  const open = useOpenConversation();
  const { home } = useWords();
  return (
    <NoticePage
      title={home.title}
      actions={
        <Button look="primary" onClick={() => open()} className="min-h-11 px-5">
          <Plus aria-hidden className="size-4" />
          {home.begin}
        </Button>
      }
    >
      <p className="font-serif text-lg leading-8">{home.text}</p>
    </NoticePage>
  );
}
