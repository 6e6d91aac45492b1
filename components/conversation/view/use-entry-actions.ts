import { useMemo } from "react";
import { useChooseAnswer } from "../sending/use-choose-answer";
import { useAnswerAgain, useResumeReply, useSendMessage } from "../sending/use-send-message";
import { usePageState } from "../state/page-state";
import type { EntryActions } from "./entry-list";

/** What can be done in a conversation besides writing the next message. */
export function useEntryActions(sessionId: string, putIntoComposer: (words: string) => void): EntryActions {
  const { turns, outbox, drafts } = usePageState();
  const send = useSendMessage(sessionId);
  const resume = useResumeReply(sessionId);
  const answerAgain = useAnswerAgain(sessionId);
  const choose = useChooseAnswer(sessionId);

  return useMemo(
    () => ({
      resend: (message) => void send(message),
      resume: (beginning) => void resume(beginning),
      regenerate: (pair) => void answerAgain(pair, null),
      askOtherwise: answerAgain,
      choose: (pair, variant) => void choose(pair, variant),
      edit({ id, content }) {
        outbox.remove(sessionId, id);
        turns.withdraw(sessionId, id);
        // What was begun meanwhile is not lost to what comes back.
        const begun = drafts.read(sessionId).trim();
        putIntoComposer(begun === "" ? content : `${content}\n\n${begun}`);
      },
    }),
    [sessionId, turns, outbox, drafts, send, resume, answerAgain, choose, putIntoComposer],
  );
}
