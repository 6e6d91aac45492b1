import type { Turn } from "../turn/turn";

const READ_OUT_CHARACTERS = 600;

/** What a screen reader is told of a reply: that it began, and how it ended; never every word as it comes. */
export function announcement(turn: Turn | undefined): string {
  switch (turn?.phase) {
    case undefined:
      return "";
    case "waiting":
    case "streaming":
      return "Clarify is answering.";
    case "answered":
      return `Clarify answered: ${shortened(turn.reply)}`;
    case "stopped":
      return "The reply was stopped.";
    case "failed":
      return `The reply failed. ${turn.failure?.message ?? ""}`.trim();
  }
}

function shortened(text: string): string {
  return text.length <= READ_OUT_CHARACTERS ? text : `${text.slice(0, READ_OUT_CHARACTERS)}…`;
}
