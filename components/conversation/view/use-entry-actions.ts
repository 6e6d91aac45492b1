import { useMemo } from "react";
import { useChooseAnswer } from "../sending/use-choose-answer";
import { useAnswerAgain, useResumeReply, useSendMessage } from "../sending/use-send-message";
import { usePageState } from "../state/page-state";
import type { EntryActions } from "./entry-list";

/** The actions on the entries of a conversation. */
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
        // The draft stays, below the text that is moved back.
        const begun = drafts.read(sessionId).trim();
        putIntoComposer(begun === "" ? content : `${content}\n\n${begun}`);
      },
    }),
    [sessionId, turns, outbox, drafts, send, resume, answerAgain, choose, putIntoComposer],
  );
}
