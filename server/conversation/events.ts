import type { ClarifyContext, SectionReport } from "@/server/clarify/context";

export type MessageRole = "user" | "assistant";
export type MessageStatus = "complete" | "interrupted" | "failed";

export interface Message {
  id: string;
  role: MessageRole;
  content: string;
  status: MessageStatus;
  /** On a reply: the message it answers. */
  replyTo: string | null;
  /** On a reply: the model that wrote it; `offline` for the offline voice. */
  model: string | null;
  /** ISO-8601, UTC. */
  createdAt: string;
}

/** What the reply knew: the context without its text. */
export type ContextSummary = Omit<ClarifyContext, "text" | "sections"> & {
  sections: Omit<SectionReport, "items">[];
};

/** `messages.send` yields one `context`, then any number of `text`, then one `message`. */
export type ReplyEvent =
  | { type: "context"; context: ContextSummary }
  | { type: "text"; delta: string }
  | { type: "message"; message: Message };
