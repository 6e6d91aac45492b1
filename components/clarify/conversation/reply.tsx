import { memo } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import type { Message } from "@/server/conversation/events";
import { usePageState } from "../page-state";
import { ContinueButton } from "./continue-button";
import type { ReplyEntry } from "./entries";
import { EntryFooter } from "./entry-footer";
import { KeptDreams } from "./kept-dreams";
import { Listening } from "./listening";
import { ReplyMarks } from "./reply-marks";
import { ReplyText } from "./reply-text";

interface ReplyProps {
  entry: ReplyEntry;
  /** Goes on with the reply, where it ended early and nothing stands in the way. */
  onResume: ((beginning: Message) => void) | null;
}

/** What the mirror answered, or is answering. */
export const Reply = memo(function Reply({ entry, onResume }: ReplyProps) {
  const { voice } = usePageState();
  const { content, state, model, dreams, unfinished, createdAt } = entry;
  const growing = state === "waiting" || state === "streaming";
  // A reply under way comes from whoever answers here now; a stored one says itself who wrote it.
  const offline = growing ? voice === "offline" : model === "offline";

  return (
    <article
      data-testid="message"
      data-role="assistant"
      data-state={state}
      aria-label="Clarify"
      aria-busy={growing}
      className="entry group/entry"
    >
      {state === "waiting" ? <Listening /> : <ReplyText text={content} growing={growing} />}
      <KeptDreams dreams={dreams} />
      <EntryFooter
        at={createdAt}
        marks={
          <>
            <ReplyMarks state={state} offline={offline} />
            {unfinished !== null && !growing && onResume !== null && (
              <ContinueButton onContinue={() => onResume(unfinished)} />
            )}
          </>
        }
      >
        {!growing && <CopyButton label="Copy reply" text={content} className="-ms-2 size-8" />}
      </EntryFooter>
    </article>
  );
});
