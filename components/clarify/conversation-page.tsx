"use client";

import { BookOpenText, Eye, EyeOff, PanelLeft } from "lucide-react";
import type { RefObject } from "react";
import { useEffect, useRef, useState } from "react";
import { Composer } from "@/components/conversation/composer/composer";
import { usePageState } from "@/components/conversation/state/page-state";
import { useKnownSession } from "@/components/conversation/state/use-known-session";
import { Messages } from "@/components/conversation/view/messages";
import { MainNav } from "@/components/navigation/main-nav";
import { SessionsPanel } from "@/components/sessions/deferred-panel";
import { useSessionActions } from "@/components/sessions/use-session-actions";
import { Button, IconButton } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { useDeferred } from "@/components/ui/deferred";
import { SkeletonLine } from "@/components/ui/skeleton";
import { ToldTimeZone } from "@/components/ui/time-zone";
import { writtenText } from "@/components/words/text-language";
import { useWords } from "@/components/words/words";
import type { Session } from "@/server/sessions/router";
import { ContextInspector } from "./deferred-inspector";
import { InspectorColumn } from "./inspector-column";

const loadSheet = () => import("@/components/ui/sheet");

interface ConversationProps {
  sessionId: string;
  /** Whether the server has sent the messages with the page, and not only their read. */
  messagesSent: boolean;
  /** The time zone that the browser has told the server. */
  toldTimeZone: string;
}

/** A conversation with its header, composer, inspector and sheets. */
export function Conversation({ sessionId, messagesSent, toldTimeZone }: ConversationProps) {
  const { drafts } = usePageState();
  const { conversation, navigation } = useWords();
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
    <div className="print-flow flex min-w-0 flex-1">
      <div className="print-flow flex min-w-0 flex-1 flex-col">
        <ConversationHeader
          sessionId={sessionId}
          onShowSessions={() => void show("sessions")}
          onShowInspector={() => void show("inspector")}
        />
        <ToldTimeZone value={toldTimeZone}>
          <Messages sessionId={sessionId} sent={messagesSent} onBegin={begin} />
        </ToldTimeZone>
        <ConversationFoot sessionId={sessionId} composer={composer} />
      </div>
      <InspectorColumn sessionId={sessionId} />

      {Sheet !== null && openSheet === "sessions" && (
        <Sheet side="left" title={navigation.conversations} onClose={closeSheet}>
          <MainNav />
          <SessionsPanel onLeave={closeSheet} />
        </Sheet>
      )}
      {Sheet !== null && openSheet === "inspector" && (
        <Sheet side="right" title={conversation.mirrorKnows} onClose={closeSheet}>
          <ContextInspector sessionId={sessionId} />
        </Sheet>
      )}
    </div>
  );
}

interface ConversationHeaderProps {
  sessionId: string;
  onShowSessions: () => void;
  onShowInspector: () => void;
}

/** The title of the conversation, and on narrow pages buttons for what is not beside it. */
function ConversationHeader({ sessionId, onShowSessions, onShowInspector }: ConversationHeaderProps) {
  const session = useKnownSession(sessionId);
  const { conversation, sessions } = useWords();
  return (
    <header className="flex h-14 short:h-11 shrink-0 items-center gap-1 border-line border-b px-2 sm:px-4 print:h-auto print:border-0">
      <IconButton label={conversation.show} className="lg:hidden" onClick={onShowSessions}>
        <PanelLeft aria-hidden className="rtl:-scale-x-100" />
      </IconButton>
      <div className="min-w-0 flex-1 px-2">
        {session === null && (
          <>
            <h1 className="sr-only">{conversation.page}</h1>
            <SkeletonLine className="h-5 w-40" />
          </>
        )}
        {session !== null && session !== "missing" && <Title title={session.title ?? sessions.untitled} />}
      </div>
      {session !== null && session !== "missing" && <RecordSwitch session={session} />}
      {session !== "missing" && (
        <IconButton label={conversation.mirrorKnows} className="xl:hidden" onClick={onShowInspector}>
          <BookOpenText aria-hidden />
        </IconButton>
      )}
    </header>
  );
}

/**
 * Takes a conversation off the record: it is stored, but is in the context of no other conversation. It can be used
 * before the first message.
 */
function RecordSwitch({ session }: { session: Session }) {
  const { setOffRecord } = useSessionActions();
  const { conversation } = useWords();
  const { offRecord } = session;
  return (
    <Button
      look="plain"
      aria-pressed={offRecord}
      aria-label={conversation.offRecord}
      title={conversation.offRecordHelp}
      onClick={() => void setOffRecord(session, !offRecord)}
      className={classNames("shrink-0 px-3", offRecord && "bg-shade text-ink")}
    >
      {offRecord ? <EyeOff aria-hidden className="size-4" /> : <Eye aria-hidden className="size-4" />}
      <span className={classNames(!offRecord && "max-sm:hidden")}>{conversation.offRecord}</span>
    </Button>
  );
}

function Title({ title }: { title: string }) {
  useEffect(() => {
    document.title = `${title} · Clarify`;
  }, [title]);

  return (
    <h1
      {...writtenText(title)}
      className="truncate text-lg text-page-start print:whitespace-normal print:text-2xl"
      title={title}
    >
      {title}
    </h1>
  );
}

interface ConversationFootProps {
  sessionId: string;
  composer: RefObject<HTMLTextAreaElement | null>;
}

/** The composer, unless the conversation is archived or does not exist. */
function ConversationFoot({ sessionId, composer }: ConversationFootProps) {
  const session = useKnownSession(sessionId);
  if (session === "missing") return null;
  if (session?.status === "archived") return <ArchivedNotice session={session} />;
  return <Composer sessionId={sessionId} field={composer} />;
}

/** Shown in place of the composer: an archived conversation can be read but not continued. */
function ArchivedNotice({ session }: { session: Session }) {
  const { restore } = useSessionActions();
  const { conversation } = useWords();
  return (
    <div className="mx-auto mb-4 flex w-[calc(100%-2rem)] max-w-2xl flex-wrap items-center justify-between gap-3 rounded-2xl border border-line bg-sheet px-5 py-3 print:hidden">
      <p className="text-ink-soft text-sm">{conversation.isArchived}</p>
      <Button look="quiet" onClick={() => restore(session)}>
        {conversation.restore}
      </Button>
    </div>
  );
}
