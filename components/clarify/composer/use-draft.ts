import type { RefObject } from "react";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { usePageState } from "../page-state";

/** The draft of a conversation, kept across reloads. What was typed before the page was ready is taken over. */
export function useDraft(sessionId: string, field: RefObject<HTMLTextAreaElement | null>) {
  const { drafts } = usePageState();
  const draft = useSyncExternalStore(
    drafts.subscribe,
    () => drafts.read(sessionId),
    () => "",
  );
  const setDraft = useCallback((text: string) => drafts.write(sessionId, text), [drafts, sessionId]);

  useEffect(() => {
    const typed = field.current?.value ?? "";
    if (typed !== "" && typed !== drafts.read(sessionId)) drafts.write(sessionId, typed);
  }, [drafts, sessionId, field]);

  return [draft, setDraft] as const;
}
