import type { ContextSummary, CreatedDream, Message, ReplyEvent } from "@/server/conversation/events";

/** A message on its way and the reply to it, as far as it has come. */
export interface Turn {
  /** The message's id, made here: sending again with it never stores twice. */
  id: string;
  content: string;
  createdAt: string;
  phase: "waiting" | "streaming" | "stopped" | "failed" | "answered";
  /** The reply so far. */
  reply: string;
  /** What the reply created so far. */
  dreams: CreatedDream[];
  /** The stored reply that ended early and is gone on with; null for a reply of its own. */
  resumes: Message | null;
  /** The stored reply, once there is one. */
  message: Message | null;
  context: ContextSummary | null;
  /** Why it failed. */
  failure: Failure | null;
}

export interface Failure {
  /** In words. */
  message: string;
  /** There was no connection: it is tried again once there is one. */
  offline: boolean;
  /** When trying again can succeed, in milliseconds since the epoch; null where nothing forbids it now. */
  retryAt: number | null;
}

export type TurnEvent =
  | ReplyEvent
  /** The person stopped the reply. */
  | { type: "stop" }
  | { type: "failure"; failure: Failure };

const BEGUN = { dreams: [], resumes: null, message: null, context: null, failure: null };

export function startTurn(message: { id: string; content: string; createdAt: string }): Turn {
  return { ...BEGUN, ...message, phase: "waiting", reply: "" };
}

/** Goes on with a stored reply that ended early. */
export function resumeTurn(beginning: Message): Turn {
  const { id, replyTo, content, dreams, createdAt } = beginning;
  const reply = { reply: content, dreams, resumes: beginning };
  return { ...BEGUN, id: replyTo ?? id, content: "", createdAt, phase: "streaming", ...reply };
}

export function isRunning(turn: Turn): boolean {
  return turn.phase === "waiting" || turn.phase === "streaming";
}

/** The turn after an event. Whatever arrives after its end changes nothing. */
export function advanceTurn(turn: Turn, event: TurnEvent): Turn {
  if (!isRunning(turn)) return turn;
  switch (event.type) {
    case "context":
      return { ...turn, context: event.context };
    case "text":
      return { ...turn, phase: "streaming", reply: turn.reply + event.delta };
    case "dream":
      return { ...turn, dreams: [...turn.dreams, event.dream] };
    case "message":
      return { ...turn, phase: "answered", reply: event.message.content, message: event.message };
    case "stop":
      return { ...turn, phase: "stopped" };
    case "failure":
      return { ...turn, phase: "failed", failure: event.failure };
  }
}
