"use client";

import type { ReactNode } from "react";
import { createContext, useContext, useState } from "react";
import type { Voice } from "@/server/conversation/voice";
import type { TurnStore } from "../turn/turn-store";
import { createTurnStore } from "../turn/turn-store";
import type { Dismissals } from "./dismissals";
import { createDismissals } from "./dismissals";
import type { DraftStore } from "./draft-store";
import { createDraftStore } from "./draft-store";
import type { NewConversations } from "./new-conversations";
import { createNewConversations } from "./new-conversations";
import type { Outbox } from "./outbox";
import { createOutbox } from "./outbox";

interface PageState {
  userId: string;
  turns: TurnStore;
  drafts: DraftStore;
  outbox: Outbox;
  newConversations: NewConversations;
  dismissals: Dismissals;
  /** The author of replies: the language model or the offline voice. */
  voice: Voice["kind"];
}

const PageStateContext = createContext<PageState | null>(null);

interface PageStateProviderProps {
  userId: string;
  voice: Voice["kind"];
  children: ReactNode;
}

/** Provides the state that is kept when the person moves from one conversation to another. */
export function PageStateProvider({ userId, voice, children }: PageStateProviderProps) {
  const [stores] = useState(() => ({
    turns: createTurnStore(),
    drafts: createDraftStore(() => window.localStorage),
    outbox: createOutbox(() => window.localStorage, userId),
    newConversations: createNewConversations(() => window.localStorage, userId),
    dismissals: createDismissals(() => window.localStorage, userId),
  }));
  return <PageStateContext value={{ ...stores, userId, voice }}>{children}</PageStateContext>;
}

export function usePageState(): PageState {
  const state = useContext(PageStateContext);
  if (state === null) throw new Error("usePageState needs <PageStateProvider> above it");
  return state;
}
