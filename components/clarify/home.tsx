"use client";

import { Plus } from "lucide-react";
import { PlacesNav } from "@/components/places/places-nav";
import { AfterHydration } from "@/components/ui/after-hydration";
import { Button } from "@/components/ui/button";
import { MirrorMark } from "@/components/ui/mirror-mark";
import { NoticePage } from "@/components/ui/notice-page";
import { SessionListSkeleton } from "./sessions/session-list-skeleton";
import { SessionsPanel } from "./sessions/sessions-panel";
import { useCreateSession } from "./sessions/use-create-session";
import { useWide } from "./use-wide";

/** Where no conversation is open: an invitation, or on narrow pages the conversations themselves. */
export function Home() {
  return (
    <>
      <div className="flex min-w-0 flex-1 flex-col lg:hidden">
        <h1 className="flex h-14 shrink-0 items-center gap-2.5 px-5 text-lg">
          <MirrorMark className="size-6 text-water" />
          Clarify
        </h1>
        <PlacesNav />
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

function PanelWhereNarrow() {
  return useWide() ? null : <SessionsPanel />;
}

function Invitation() {
  const { create, creating } = useCreateSession();
  return (
    <NoticePage
      title="What do you want to look at today?"
      actions={
        <Button
          look="primary"
          aria-busy={creating}
          onClick={() => !creating && void create()}
          className="min-h-11 px-5"
        >
          <Plus aria-hidden className="size-4" />
          Begin a conversation
        </Button>
      }
    >
      <p className="font-serif text-lg leading-8">
        Begin somewhere new, or go back to a conversation you left open. The mirror remembers what you told it.
      </p>
    </NoticePage>
  );
}
