"use client";

import { useRef, useState } from "react";
import { PlacesNav } from "@/components/places/places-nav";
import { AfterHydration } from "@/components/ui/after-hydration";
import { useDeferred } from "@/components/ui/use-deferred";
import { Inspector } from "../inspector/inspector";
import { InspectorColumn } from "../inspector/inspector-column";
import { usePageState } from "../page-state";
import { SessionsPanel } from "../sessions/sessions-panel";
import { ConversationFoot } from "./conversation-foot";
import { ConversationHeader } from "./conversation-header";
import { ConversationSkeleton } from "./conversation-skeleton";
import { Messages } from "./messages";

const loadSheet = () => import("@/components/ui/sheet");

/** A conversation with everything around it. */
export function Conversation({ sessionId }: { sessionId: string }) {
  const { drafts } = usePageState();
  const [openSheet, setOpenSheet] = useState<"sessions" | "inspector" | null>(null);
  const composer = useRef<HTMLTextAreaElement>(null);
  const { Component: Sheet, fetchNow: fetchSheet } = useDeferred(loadSheet);
  const closeSheet = () => setOpenSheet(null);

  async function show(sheet: "sessions" | "inspector") {
    await fetchSheet();
    setOpenSheet(sheet);
  }

  function begin(words: string) {
    drafts.write(sessionId, words);
    composer.current?.focus();
  }

  return (
    <div className="flex min-w-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <ConversationHeader
          sessionId={sessionId}
          onShowSessions={() => void show("sessions")}
          onShowInspector={() => void show("inspector")}
        />
        <AfterHydration fallback={<ConversationSkeleton />}>
          <Messages sessionId={sessionId} onBegin={begin} />
        </AfterHydration>
        <ConversationFoot sessionId={sessionId} composer={composer} />
      </div>
      <InspectorColumn sessionId={sessionId} />

      {Sheet !== null && openSheet === "sessions" && (
        <Sheet side="left" title="Conversations" onClose={closeSheet}>
          <PlacesNav />
          <SessionsPanel onLeave={closeSheet} />
        </Sheet>
      )}
      {Sheet !== null && openSheet === "inspector" && (
        <Sheet side="right" title="What the mirror knows" onClose={closeSheet}>
          <Inspector sessionId={sessionId} />
        </Sheet>
      )}
    </div>
  );
}
