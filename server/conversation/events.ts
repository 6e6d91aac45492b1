import type { ClarifyContext } from "@/server/clarify/sections";
import type { SectionReport } from "@/server/context/context";
import type { Receipt } from "@/server/receipts/receipt";
import type { FoundItem } from "./related";

export type MessageRole = "user" | "assistant";
/**
 * How a reply ended; a person's message is `complete`. A `refused` reply cannot be continued, and no later prompt
 * contains it.
 */
export type MessageStatus = "complete" | "interrupted" | "failed" | "refused";

/** A dream that the reply created because the person asked for it. */
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
  /** On a reply: the items that it drew on, as far as its words show, in the order in which it comes to them. */
  receipts: Receipt[];
  /** On a reply: which of the answers to its message it is, from 1, and how many there are. */
  variant: { number: number; of: number } | null;
  /** On a person's message: whether a reply to it is being written. */
  answering: boolean;
  /** ISO-8601, UTC. */
  createdAt: string;
}

/** The context of a reply, without its text. */
export type ContextSummary = Omit<ClarifyContext, "text" | "sections" | "warmForMs"> & {
  sections: Omit<SectionReport, "items">[];
  /** Older items that were found for the message; null when the search for them failed. */
  related: FoundItem[] | null;
};

/**
 * `messages.send` yields one `context`, then `text` and `dream` as they arrive, then one `message`. `restart` discards
 * the text before it, because another process has begun the reply anew. `unsaved`: the text is complete, but the
 * database does not accept it yet; the conversation accepts the next message meanwhile.
 */
export type ReplyEvent =
  | { type: "restart" }
  | { type: "context"; context: ContextSummary }
  | { type: "text"; delta: string }
  | { type: "dream"; dream: CreatedDream }
  | { type: "unsaved" }
  | { type: "message"; message: Message };
