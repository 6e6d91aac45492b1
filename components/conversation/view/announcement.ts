import type { Speech } from "@/components/words/speech";
import type { Turn } from "../turn/turn";

const READ_OUT_CHARACTERS = 600;

/** What a screen reader announces of a reply: that it began and how it ended, but not every word. */
export function announcement(turn: Turn | undefined, { words: { conversation }, fill }: Speech): string {
  switch (turn?.phase) {
    case undefined:
      return "";
    case "waiting":
    case "streaming":
      return conversation.answering;
    case "answered":
      return fill(conversation.answered, { text: shortened(turn.reply) });
    case "stopped":
      return conversation.replyStopped;
    case "failed":
      return fill(conversation.replyFailed, { reason: turn.failure?.message ?? "" }).trim();
  }
}

function shortened(text: string): string {
  return text.length <= READ_OUT_CHARACTERS ? text : `${text.slice(0, READ_OUT_CHARACTERS)}…`;
}
