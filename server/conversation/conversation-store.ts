import { z } from "zod";
import type { UserDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import type { Keyset, Page } from "@/server/database/keyset";
import { newestFirst, toPage } from "@/server/database/keyset";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { MessageRow, PairRows, RelatedRow, SessionRow } from "@/server/database/types";
import type { TokenUsage } from "@/server/model/token-usage";
import { addUsage } from "@/server/model/token-usage";
import type { Receipt } from "@/server/receipts/receipt";
import { distinctReceipts } from "@/server/receipts/receipt";
import { storedReceipts } from "@/server/receipts/stored-receipts";
import type { CreatedDream, Message, MessageStatus } from "./events";
import { HISTORY_LIMIT } from "./history";
import type { RelatedItem } from "./related";
import { RELATED_LIMIT } from "./related";
import type { ReplyClaim } from "./reply-relay";
import type { RunningSummary } from "./running-summary";

const COLUMNS = "id, role, content, status, reply_to, model, tool_use, variant, variants, answering_until, created_at";
type MessageColumns = Pick<
  MessageRow,
  | "id"
  | "role"
  | "content"
  | "status"
  | "reply_to"
  | "model"
  | "tool_use"
  | "variant"
  | "variants"
  | "answering_until"
  | "created_at"
>;

/** The column `tool_use`: what a reply did in addition to its text, and what it drew on. */
const toolUse = z.object({
  dreams: z.array(z.object({ id: z.string(), title: z.string() })),
  receipts: storedReceipts,
});

export interface BegunMessage {
  message: Message;
  /** The reply, if the message was sent and answered before. */
  reply: Message | null;
  /** Whether the caller holds the claim and therefore has to write the reply. */
  claimed: boolean;
  /** The last messages before it, oldest first. */
  history: Message[];
  /** Older items that share words with it, best first; null when the search failed. */
  related: RelatedItem[] | null;
  /** How many messages come before it, including those of `history`. */
  earlierMessages: number;
  /** The summary of the messages that the model no longer reads; null while it reads all of them. */
  summary: RunningSummary | null;
}

/** The last message of a conversation, to be answered again. */
export interface BegunVariant extends BegunMessage {
  /** Whether the requested answer is stored already. */
  done: boolean;
}

/** Another answer to the last message of a conversation. */
export interface NewVariant {
  sessionId: string;
  messageId: string;
  /** Made by the caller, so that repeating the request stores and costs nothing. */
  replyId: string;
  /** The new words of the message; null if they are unchanged. */
  content: string | null;
  claim: Claim;
}

/** A message and its chosen reply. */
export interface Pair {
  message: Message;
  reply: Message;
}

export interface ReplyToStore {
  /** Made by the writer of the reply, so that storing it again stores nothing. */
  id: string;
  replyTo: string;
  content: string;
  status: MessageStatus;
  model: string;
  dreams: CreatedDream[];
  receipts: Receipt[];
  /** Null when the reply ended before the model reported its usage. */
  usage: TokenUsage | null;
}

export interface RecentMessages {
  /** The last ones, oldest first. */
  messages: Message[];
  /** How many messages the conversation has. */
  total: number;
  /** The summary of the messages that the model no longer reads; null while it reads all of them. */
  summary: RunningSummary | null;
}

/** A reply as it is stored, with its token usage. */
export interface StoredReply {
  message: Message;
  /** The message that it answers. */
  replyTo: string;
  /** Null when the reply ended before the model reported its usage. */
  usage: TokenUsage | null;
}

/** The conversation up to the reply that is to be continued. */
export interface BegunResume extends RecentMessages {
  /** Null when the last message of the conversation is another one. */
  reply: StoredReply | null;
  /** Whether the caller holds the claim and therefore has to write the rest. */
  claimed: boolean;
}

export interface NewMessage {
  sessionId: string;
  id: string;
  content: string;
  /** The conversation that it opens; null if that is stored. */
  opens: NewConversation | null;
  claim: Claim;
}

/** A conversation that is stored with its first message. */
export interface NewConversation {
  offRecord: boolean;
}

/** The right to write one reply, and how long it lasts. Only the holder of the token can renew or use it. */
export interface Claim {
  token: string;
  ms: number;
}

export interface Extension {
  beginning: StoredReply;
  rest: Omit<ReplyToStore, "id">;
  claimToken: string;
}

/** A person's messages in the database, under their own row-level security. */
export interface ConversationStore {
  /** One page, oldest first; the cursor leads to older messages. */
  list(page: { sessionId: string; cursor?: Keyset | null | undefined; limit: number }): Promise<Page<Message>>;
  /**
   * Stores a message, with the conversation that it opens, claims the reply to it, reads the messages before it and finds
   * related items, in one round trip. Repeating it stores nothing.
   * @throws {DatabaseError} `not_found` for a session that is not the person's, `conflict` for an id that is in use,
   * `busy` while another message of the session is being answered.
   */
  begin(message: NewMessage, signal: AbortSignal): Promise<BegunMessage>;
  /**
   * Claims another answer to the last message of a session and reads the messages before it, in one round trip.
   * @throws {DatabaseError} `not_found` for a session that is not the person's, `conflict` for a message that is not
   * its last, `busy` while another message of the session is being answered.
   */
  beginVariant(variant: NewVariant): Promise<BegunVariant>;
  /**
   * Stores another answer and chooses it. The previous message and answer are kept.
   * @param question the words of the message for this answer; null if they are unchanged
   * @throws {DatabaseError} `conflict` when another process holds the claim.
   */
  storeVariant(
    reply: ReplyToStore,
    more: { question: string | null; claimToken: string },
    signal: AbortSignal,
  ): Promise<Pair>;
  /**
   * Chooses one of the answers to the last message of a session, with the words of the message that it answers.
   * @throws {DatabaseError} `not_found` for a session that is not the person's and for an answer that does not exist,
   * `conflict` for a message that is not the last, `busy` while a message is being answered.
   */
  chooseVariant(choice: { sessionId: string; messageId: string; variant: number }, signal: AbortSignal): Promise<Pair>;
  /**
   * Renews the claim on the reply to a message, or releases it when `ms` is 0. Returns whether the caller still held
   * it.
   */
  holdClaim(messageId: string, claim: Claim): Promise<boolean>;
  /** @throws {DatabaseError} `conflict` when another process holds the claim. */
  storeReply(reply: ReplyToStore, claimToken: string, signal: AbortSignal): Promise<Message>;
  /**
   * Stores a reply whose claim was released, after its message, even if the conversation has gone on.
   * @throws {DatabaseError} `conflict` when the message has another reply, `busy` while another process writes one,
   * `not_found` when the message is gone.
   */
  storeLateReply(reply: ReplyToStore, claimToken: string, signal: AbortSignal): Promise<Message>;
  /**
   * Claims the rest of a reply and reads the conversation up to it, in one round trip.
   * @throws {DatabaseError} `not_found` for a session that is not the person's, `busy` while another message of the
   * session is being answered.
   */
  beginResume(resume: { sessionId: string; replyId: string; claim: Claim }): Promise<BegunResume>;
  /**
   * The last messages of a session.
   * @throws {DatabaseError} `not_found` for a session that is not the person's.
   */
  recent(sessionId: string): Promise<RecentMessages>;
  /**
   * Appends the rest of a reply to its stored beginning.
   * @throws {DatabaseError} `conflict` when another process holds the claim, or the reply has grown since it was read.
   */
  extendReply(extension: Extension, signal: AbortSignal): Promise<Message>;
  /** Appends the rest of a reply whose claim was released. @throws {DatabaseError} as `storeLateReply`. */
  extendLateReply(extension: Extension, signal: AbortSignal): Promise<Message>;
  /**
   * The running summary of a session; null while there is none.
   * @throws {DatabaseError} `not_found` for a session that is not the person's.
   */
  summary(sessionId: string): Promise<RunningSummary | null>;
  /**
   * Claims the summary of a session's first messages, and reads the first of those that it lacks. Null when there is
   * nothing to do, or when another process holds the claim.
   */
  beginSummary(claim: { sessionId: string; until: number; max: number; token: string; ms: number }): Promise<{
    summary: string | null;
    summarised: number;
    messages: Message[];
  } | null>;
  /** @throws {DatabaseError} `conflict` when another process holds the claim. */
  finishSummary(summary: { sessionId: string; token: string; until: number; words: string | null }): Promise<void>;
  failSummary(claim: { sessionId: string; token: string }): Promise<void>;
  /** Replaces the title that a session's first message gave it, and no other. Resolves with whether it did. */
  nameSession(name: { sessionId: string; title: string }): Promise<boolean>;
  /** The claim on the reply that any process is writing in a session; null when no reply is being written. */
  running(sessionId: string): Promise<ReplyClaim | null>;
  /** The stored reply to a message, or the reply with this id. */
  findReply(id: string): Promise<Message | null>;
}

export function createConversationStore(database: UserDatabase): ConversationStore {
  return {
    async list({ sessionId, cursor, limit }) {
      const read = async () => {
        const messages = database.from("clarify_messages").select(COLUMNS).eq("session_id", sessionId);
        return unwrap(await newestFirst(messages, "created_at", { cursor, limit }));
      };
      let rows = await read();
      if (rows.length === 0) {
        // There may be no such conversation, or it belongs to another person.
        unwrap(await database.from("clarify_sessions").select("id").eq("id", sessionId).single());
        // It may have begun meanwhile, with its first message.
        rows = await read();
      }
      const { items, nextCursor } = toPage(rows, limit, {
        toItem: toMessage,
        toKeyset: (row) => ({ at: row.created_at, id: row.id }),
      });
      return { items: items.reverse(), nextCursor };
    },

    async begin({ sessionId, id, content, opens, claim }, signal) {
      const args = {
        p_session_id: sessionId,
        p_message_id: id,
        p_content: content,
        p_history_limit: HISTORY_LIMIT,
        p_claim_token: claim.token,
        p_claim_ms: claim.ms,
        p_related_limit: RELATED_LIMIT,
      };
      const call =
        opens === null
          ? database.rpc("begin_message", args)
          : database.rpc("begin_conversation", { ...args, p_off_record: opens.offRecord });
      const begun = unwrap(await call.abortSignal(signal));
      return {
        message: toMessage(begun.message),
        reply: begun.reply && toMessage(begun.reply),
        claimed: begun.claimed,
        history: begun.history.map(toMessage),
        related: begun.related?.map(toRelatedItem) ?? null,
        earlierMessages: Math.max(begun.session.message_count - 1, begun.history.length),
        summary: toSummary(begun.session),
      };
    },

    async beginVariant({ sessionId, messageId, replyId, content, claim }) {
      const begun = unwrap(
        await database.rpc("begin_variant", {
          p_session_id: sessionId,
          p_message_id: messageId,
          p_reply_id: replyId,
          p_history_limit: HISTORY_LIMIT,
          p_claim_token: claim.token,
          p_claim_ms: claim.ms,
          p_question: content,
          p_related_limit: RELATED_LIMIT,
        }),
      );
      const pairSize = begun.reply === null ? 1 : 2;
      return {
        message: toMessage(begun.message),
        reply: begun.reply && toMessage(begun.reply),
        claimed: begun.claimed,
        done: begun.done,
        history: begun.history.map(toMessage),
        related: begun.related?.map(toRelatedItem) ?? null,
        earlierMessages: Math.max(begun.session.message_count - pairSize, begun.history.length),
        summary: toSummary(begun.session),
      };
    },

    async storeVariant({ id, replyTo, model, ...reply }, { question, claimToken }, signal) {
      const call = database.rpc("store_variant", {
        p_message_id: replyTo,
        p_claim_token: claimToken,
        p_question: question,
        p_reply_id: id,
        p_model: model,
        ...toReplyArgs(reply),
      });
      return toPair(unwrap(await call.abortSignal(signal)));
    },

    async chooseVariant({ sessionId, messageId, variant }, signal) {
      const args = { p_session_id: sessionId, p_message_id: messageId, p_variant: variant };
      return toPair(unwrap(await database.rpc("choose_variant", args).abortSignal(signal)));
    },

    async holdClaim(messageId, { token, ms }) {
      const args = { p_message_id: messageId, p_claim_token: token, p_claim_ms: ms };
      return unwrap(await database.rpc("hold_claim", args));
    },

    async storeReply(reply, claimToken, signal) {
      const call = database.rpc("store_reply", toStoreArgs(reply, claimToken));
      return toMessage(unwrap(await call.abortSignal(signal)));
    },

    async storeLateReply(reply, claimToken, signal) {
      const call = database.rpc("store_late_reply", toStoreArgs(reply, claimToken));
      return toMessage(unwrap(await call.abortSignal(signal)));
    },

    async beginResume({ sessionId, replyId, claim }) {
      const begun = unwrap(
        await database.rpc("begin_resume", {
          p_session_id: sessionId,
          p_reply_id: replyId,
          p_history_limit: HISTORY_LIMIT,
          p_claim_token: claim.token,
          p_claim_ms: claim.ms,
        }),
      );
      return {
        reply: begun.reply && toStoredReply(begun.reply),
        claimed: begun.claimed,
        messages: begun.history.map(toMessage),
        total: begun.session.message_count,
        summary: toSummary(begun.session),
      };
    },

    async recent(sessionId) {
      const session = database
        .from("clarify_sessions")
        .select("message_count, summary, summarised")
        .eq("id", sessionId)
        .single();
      const messages = database
        .from("clarify_messages")
        .select(COLUMNS)
        .eq("session_id", sessionId)
        .order("created_at", { ascending: false })
        .order("id", { ascending: false })
        .limit(HISTORY_LIMIT);
      const [rows, of] = await Promise.all([messages.then(unwrap), session.then(unwrap)]);
      return { messages: rows.reverse().map(toMessage), total: of.message_count, summary: toSummary(of) };
    },

    async extendReply(extension, signal) {
      const call = database.rpc("extend_reply", toExtendArgs(extension));
      return toMessage(unwrap(await call.abortSignal(signal)));
    },

    async extendLateReply(extension, signal) {
      const call = database.rpc("extend_late_reply", toExtendArgs(extension));
      return toMessage(unwrap(await call.abortSignal(signal)));
    },

    async summary(sessionId) {
      const session = database.from("clarify_sessions").select("summary, summarised").eq("id", sessionId).single();
      return toSummary(unwrap(await session));
    },

    async beginSummary({ sessionId, until, max, token, ms }) {
      const args = { p_session_id: sessionId, p_until: until, p_max: max, p_token: token, p_claim_ms: ms };
      const begun = unwrap(await database.rpc("begin_summary", args));
      return begun && { ...begun, messages: begun.messages.map(toMessage) };
    },

    async finishSummary({ sessionId, token, until, words }) {
      const args = { p_session_id: sessionId, p_token: token, p_until: until, p_summary: words };
      unwrap(await database.rpc("finish_summary", args));
    },

    async failSummary({ sessionId, token }) {
      unwrap(await database.rpc("fail_summary", { p_session_id: sessionId, p_token: token }));
    },

    async nameSession({ sessionId, title }) {
      return unwrap(await database.rpc("name_session", { p_session_id: sessionId, p_title: title }));
    },

    async running(sessionId) {
      const row = unwrap(await database.rpc("running_reply", { p_session_id: sessionId }));
      return row && { messageId: row.message_id, replyId: row.reply_id, claimToken: row.claim_token };
    },

    async findReply(id) {
      const replies = database.from("clarify_messages").select(COLUMNS).eq("role", "assistant");
      const [row] = unwrap(await replies.or(`reply_to.eq.${id},id.eq.${id}`).limit(1));
      return row ? toMessage(row) : null;
    },
  };
}

function toStoreArgs({ id, replyTo, model, ...reply }: ReplyToStore, claimToken: string) {
  return {
    p_message_id: replyTo,
    p_claim_token: claimToken,
    p_reply_id: id,
    p_model: model,
    ...toReplyArgs(reply),
  };
}

function toExtendArgs({ beginning: { message, usage: before }, rest, claimToken }: Extension) {
  const { dreams, receipts, usage } = rest;
  return {
    p_reply_id: message.id,
    p_claim_token: claimToken,
    p_from: [...message.content].length,
    ...toReplyArgs({
      ...rest,
      dreams: [...message.dreams, ...dreams],
      receipts: distinctReceipts([...message.receipts, ...receipts]),
      usage: usage && before ? addUsage(before, usage) : usage,
    }),
  };
}

function toReplyArgs({
  content,
  status,
  dreams,
  receipts,
  usage,
}: Pick<ReplyToStore, "content" | "status" | "dreams" | "receipts" | "usage">) {
  const p_tool_use = toToolUse(dreams, receipts);
  return { p_content: content, p_status: status, p_tool_use, p_usage: usage && toUsageArgs(usage) };
}

function toToolUse(dreams: CreatedDream[], receipts: Receipt[]) {
  if (dreams.length === 0 && receipts.length === 0) return null;
  return {
    dreams: dreams.map(({ id, title }) => ({ id, title })),
    receipts: receipts.map(({ kind, id }) => ({ kind, id })),
  };
}

function toUsageArgs({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: TokenUsage) {
  return { input: inputTokens, output: outputTokens, cache_read: cacheReadTokens, cache_write: cacheWriteTokens };
}

function toStoredReply(row: MessageRow): StoredReply | null {
  if (row.reply_to === null) return null;
  const usage = row.input_tokens !== null && {
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens ?? 0,
    cacheReadTokens: row.cache_read_tokens ?? 0,
    cacheWriteTokens: row.cache_write_tokens ?? 0,
  };
  return { message: toMessage(row), replyTo: row.reply_to, usage: usage || null };
}

function toSummary({ summary, summarised }: Pick<SessionRow, "summary" | "summarised">): RunningSummary | null {
  return summary ? { words: summary, messages: summarised } : null;
}

function toRelatedItem({ session_id, at, kind, id, title, content, status, words }: RelatedRow): RelatedItem {
  return { kind, id, sessionId: session_id, title, content, status, at: toIsoTimestamp(at), words };
}

function toPair({ message, reply }: PairRows): Pair {
  return { message: toMessage(message), reply: toMessage(reply) };
}

function toMessage(row: MessageColumns): Message {
  return {
    id: row.id,
    role: row.role,
    content: row.content,
    status: row.status,
    replyTo: row.reply_to,
    model: row.model,
    ...(toolUse.safeParse(row.tool_use).data ?? { dreams: [], receipts: [] }),
    variant: row.reply_to === null ? null : { number: row.variant, of: row.variants },
    answering: row.answering_until !== null,
    createdAt: toIsoTimestamp(row.created_at),
  };
}
