"use client";

import { useRef, useState } from "react";
import { AfterHydration } from "@/components/ui/after-hydration";
import { Sheet } from "@/components/ui/sheet";
import { Inspector } from "../inspector/inspector";
import { InspectorColumn } from "../inspector/inspector-column";
import { usePageState } from "../page-state";
import { SessionsPanel } from "../sessions/sessions-panel";
import { ConversationFoot } from "./conversation-foot";
import { ConversationHeader } from "./conversation-header";
import { ConversationSkeleton } from "./conversation-skeleton";
import { Messages } from "./messages";

/** A conversation with everything around it. */
export function Conversation({ sessionId }: { sessionId: string }) {
  const { drafts } = usePageState();
  const [openSheet, setOpenSheet] = useState<"sessions" | "inspector" | null>(null);
  const composer = useRef<HTMLTextAreaElement>(null);
  const closeSheet = (open: boolean) => !open && setOpenSheet(null);

  function begin(words: string) {
    drafts.write(sessionId, words);
    composer.current?.focus();
  }

  return (
    <div className="flex min-w-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <ConversationHeader
          sessionId={sessionId}
          onShowSessions={() => setOpenSheet("sessions")}
          onShowInspector={() => setOpenSheet("inspector")}
        />
        <AfterHydration fallback={<ConversationSkeleton />}>
          <Messages sessionId={sessionId} onBegin={begin} />
        </AfterHydration>
        <ConversationFoot sessionId={sessionId} composer={composer} />
      </div>
      <InspectorColumn sessionId={sessionId} />

      <Sheet side="left" title="Conversations" open={openSheet === "sessions"} onOpenChange={closeSheet}>
        <SessionsPanel onLeave={() => setOpenSheet(null)} />
      </Sheet>
      <Sheet side="right" title="What the mirror knows" open={openSheet === "inspector"} onOpenChange={closeSheet}>
        <Inspector sessionId={sessionId} />
      </Sheet>
    </div>
  );
}
