import { useMemo } from "react";
import { useResumeReply, useSendMessage } from "../sending/use-send-message";
import { usePageState } from "../state/page-state";
import type { EntryActions } from "./entry-list";

/** What can be done about what went wrong in a conversation. */
export function useEntryActions(sessionId: string, putIntoComposer: (words: string) => void): EntryActions {
  const { turns, outbox, drafts } = usePageState();
  const send = useSendMessage(sessionId);
  const resume = useResumeReply(sessionId);

  return useMemo(
    () => ({
      resend: (message) => void send(message),
      resume: (beginning) => void resume(beginning),
      edit({ id, content }) {
        outbox.remove(sessionId, id);
        turns.withdraw(sessionId, id);
        // What was begun meanwhile is not lost to what comes back.
        const begun = drafts.read(sessionId).trim();
        putIntoComposer(begun === "" ? content : `${content}\n\n${begun}`);
      },
    }),
    [sessionId, turns, outbox, drafts, send, resume, putIntoComposer],
  );
}
