import type { ClarifyContext } from "@/server/clarify/sections";
import type { SectionReport } from "@/server/context/context";

export type MessageRole = "user" | "assistant";
/** How a reply ended; a person's message is `complete`. `refused` ones are not gone on with, and no later prompt has them. */
export type MessageStatus = "complete" | "interrupted" | "failed" | "refused";

/** A dream that the reply created on the person's word. */
export interface CreatedDream {
  id: string;
  title: string;
}

export interface Message {
  id: string;
  role: MessageRole;
  content: string;
  status: MessageStatus;
  /** On a reply: the message it answers. */
  replyTo: string | null;
  /** On a reply: the model that wrote it; `offline` for the offline voice. */
  model: string | null;
  /** On a reply: the dreams that it created. */
  dreams: CreatedDream[];
  /** On a reply: which of the answers to its message it is, from 1, and how many there are. */
  variant: { number: number; of: number } | null;
  /** On a person's message: whether a reply to it is being written. */
  answering: boolean;
  /** ISO-8601, UTC. */
  createdAt: string;
}

/** What the reply knew: the context without its text. */
export type ContextSummary = Omit<ClarifyContext, "text" | "sections" | "warmForMs"> & {
  sections: Omit<SectionReport, "items">[];
};

/**
 * `messages.send` yields one `context`, then `text` and `dream` as they come, then one `message`. `restart` says that what
 * was said before it does not count: another process has begun the reply anew. `unsaved`: all is said, and the database does
 * not take it yet; the conversation is free meanwhile.
 */
export type ReplyEvent =
  | { type: "restart" }
  | { type: "context"; context: ContextSummary }
  | { type: "text"; delta: string }
  | { type: "dream"; dream: CreatedDream }
  | { type: "unsaved" }
  | { type: "message"; message: Message };
