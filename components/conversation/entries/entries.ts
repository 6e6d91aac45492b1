import { calendarDay } from "@/components/ui/days";
import type { Words } from "@/components/words/speech";
import type { Pair } from "@/server/conversation/conversation-store";
import type { CreatedDream, Message, MessageStatus } from "@/server/conversation/events";
import type { Receipt } from "@/server/receipts/receipt";
import type { Turn } from "../turn/turn";
import { isRunning } from "../turn/turn";
import type { MessagePages } from "./message-pages";
import { flattenMessages } from "./message-pages";

/** One item of a conversation. Its key stays the same when a turn becomes stored messages. */
export type Entry = SaidEntry | ReplyEntry | TroubleEntry;

export interface SaidEntry {
  kind: "said";
  key: string;
  content: string;
  createdAt: string;
  /** Whether it may not be stored yet. */
  sending: boolean;
  /** The stored pair that it belongs to, if it is the last one: its message can be reworded. */
  pair: Pair | null;
}

export interface ReplyEntry {
  kind: "reply";
  key: string;
  content: string;
  createdAt: string;
  /** `waiting`: before its first word. */
  state: "waiting" | "streaming" | MessageStatus;
  /** Null until the reply is stored. */
  model: string | null;
  /** The dreams that it created for the person. */
  dreams: readonly CreatedDream[];
  /** What it drew on; none until it is stored. */
  receipts: readonly Receipt[];
  /** The stored reply, if it ended early and can be continued. */
  unfinished: Message | null;
  /**
   * The stored pair that it belongs to, if it is the last one: it can be answered again, or given another of its
   * answers.
   */
  pair: Pair | null;
}

/** A message without a complete reply. It can be sent again with its own id. */
export interface TroubleEntry {
  kind: "trouble";
  key: string;
  createdAt: string;
  message: string;
  resend: { id: string; content: string };
  /** When sending again can succeed, in milliseconds since the epoch; null if it can now. */
  retryAt: number | null;
  /** Whether the message can still be taken back, because the server may not have it. */
  editable: boolean;
  /** Whether nothing went wrong: the person stopped the reply. */
  calm: boolean;
}

/**
 * The stored messages as entries, each unanswered one with the offer to answer it. They depend only on the messages and
 * the language, so that they can be memoised.
 */
export function storedEntries(messages: readonly Message[], words: Words["conversation"]): Entry[] {
  const last = lastPair(messages);
  const answered = new Set(messages.map(({ replyTo }) => replyTo));
  const pairOf = ({ id }: Message) => (last !== null && (id === last.message.id || id === last.reply.id) ? last : null);
  return messages.flatMap((message): Entry[] => {
    const { role, id, content, createdAt, status, model, dreams, receipts } = message;
    const shared = { key: entryKey(message), content, createdAt, pair: pairOf(message) };
    if (role === "user") {
      const said: SaidEntry = { kind: "said", ...shared, sending: false };
      return answered.has(id) ? [said] : [said, trouble(message, words.unanswered)];
    }
    const unfinished = status === "interrupted" || status === "failed" ? message : null;
    return [{ kind: "reply", ...shared, state: status, model, dreams, receipts, unfinished }];
  });
}

/** The last message and its reply; null while it has none. */
export function lastPair(messages: readonly Message[]): Pair | null {
  const [message, reply] = messages.slice(-2);
  return message !== undefined && reply?.replyTo === message.id ? { message, reply } : null;
}

/**
 * The whole conversation in the order in which it was said: the stored entries and the turns under way, each message
 * once.
 */
export function conversationEntries(
  stored: readonly Entry[],
  messages: readonly Message[],
  turns: readonly Turn[],
  words: Words["conversation"],
): Entry[] {
  const answered = new Set(messages.map(({ replyTo }) => replyTo));
  const open = turns.filter(({ id, resumes, again }) => !answered.has(id) && resumes === null && again === null);
  const settled = withAnotherAnswer(withContinuation(stored, turns), messages, turns);
  if (open.length === 0) return [...settled];

  const keys = new Set(settled.map(({ key }) => key));
  const openIds = new Set(open.map(({ id }) => id));
  const show = (shown: (turn: Turn) => boolean) => open.filter(shown).flatMap((turn) => turnEntries(turn, words));
  const unstoredAfter = (key: string | null) => show(({ id, after }) => after === key && !keys.has(id));
  return [
    ...unstoredAfter(null),
    ...settled.flatMap((entry) => {
      if (openIds.has(entry.key)) return [...show(({ id }) => id === entry.key), ...unstoredAfter(entry.key)];
      const isOfOpen = entry.kind === "trouble" && openIds.has(entry.resend.id);
      return isOfOpen ? [] : [entry, ...unstoredAfter(entry.key)];
    }),
    ...show(({ id, after }) => !keys.has(id) && after !== null && !(after !== undefined && keys.has(after))),
  ];
}

/** The key of the last stored entry; null if nothing is stored. */
export function lastEntryKey(pages: MessagePages): string | null {
  const last = flattenMessages(pages).at(-1);
  return last === undefined ? null : entryKey(last);
}

/** A reply that is being continued grows in its place. */
function withContinuation(stored: readonly Entry[], turns: readonly Turn[]): readonly Entry[] {
  const turn = turns.findLast(({ resumes }) => resumes !== null);
  if (turn === undefined) return stored;
  const { reply, dreams } = turn;
  return stored.map((entry) => {
    if (entry.kind !== "reply" || entry.key !== replyKey(turn.id)) return entry;
    if (isRunning(turn)) return { ...entry, content: reply, dreams, state: "streaming" };
    // The text that was shown stays until the stored reply contains it.
    return reply.length > entry.content.length ? { ...entry, content: reply, dreams } : entry;
  });
}

/** Another answer grows in the place of the previous one, until it is stored or has failed. */
function withAnotherAnswer(
  stored: readonly Entry[],
  messages: readonly Message[],
  turns: readonly Turn[],
): readonly Entry[] {
  const turn = turns.findLast(({ again }) => again !== null);
  if (turn === undefined) return stored;
  const { id, content, reply, dreams, phase, context } = turn;
  const current = messages.findLast(({ replyTo }) => replyTo === id);
  const shown = phase !== "failed" && (isRunning(turn) || reply !== "");
  if (!shown || current?.id !== turn.again?.reply.id) return stored;
  return stored.map((entry) => {
    if (entry.kind === "said" && entry.key === id) {
      return { ...entry, content, sending: phase === "waiting" && context === null, pair: null };
    }
    if (entry.kind !== "reply" || entry.key !== replyKey(id)) return entry;
    const state = turnReplyState(turn);
    return {
      ...entry,
      content: reply,
      dreams,
      state,
      model: turn.message?.model ?? null,
      receipts: turn.message?.receipts ?? [],
      unfinished: null,
      pair: null,
    };
  });
}

function turnEntries(turn: Turn, words: Words["conversation"]): Entry[] {
  const { id, content, createdAt, phase, reply } = turn;
  const sending = phase === "waiting" && !turn.context;
  const said: SaidEntry = { kind: "said", key: id, content, createdAt, sending, pair: null };
  const entries: Entry[] = [said];
  if (isRunning(turn) || reply !== "") {
    const state = turnReplyState(turn);
    entries.push({
      kind: "reply",
      key: replyKey(id),
      content: reply,
      createdAt,
      state,
      model: turn.message?.model ?? null,
      dreams: turn.message?.dreams ?? turn.dreams,
      receipts: turn.message?.receipts ?? [],
      unfinished: null,
      pair: null,
    });
  }
  if (phase === "failed" || (phase === "stopped" && reply === "")) {
    const { message, retryAt } = turn.failure ?? { message: words.stopped, retryAt: null };
    entries.push({ ...trouble(turn, message), retryAt, editable: turn.context === null, calm: phase === "stopped" });
  }
  return entries;
}

function turnReplyState({ phase, message }: Turn): ReplyEntry["state"] {
  if (phase === "waiting" || phase === "streaming") return phase;
  if (phase === "answered") return message?.status ?? "complete";
  return phase === "stopped" ? "interrupted" : "failed";
}

function trouble(of: { id: string; content: string; createdAt: string }, message: string): TroubleEntry {
  const { id, content, createdAt } = of;
  return {
    kind: "trouble",
    key: `trouble-${id}`,
    createdAt,
    message,
    resend: { id, content },
    retryAt: null,
    editable: false,
    calm: false,
  };
}

/** The key of the entry that shows a stored message. */
export function entryKey({ role, id, replyTo }: Message): string {
  return role === "user" ? id : replyKey(replyTo ?? id);
}

function replyKey(answeredId: string): string {
  return `reply-to-${answeredId}`;
}

/** A run of entries of one calendar day. */
export interface Day<T> {
  /** As in `2026-11-23`, in the reader's time zone. */
  day: string;
  entries: T[];
}

/**
 * Splits entries, oldest first, where the calendar day changes. Stored entries have the server's time, and turns under
 * way the browser's, whose clock may be wrong. So an entry never counts to an earlier day than the one before it.
 */
export function groupByDay<T extends { createdAt: string }>(entries: readonly T[], timeZone?: string): Day<T>[] {
  const days: Day<T>[] = [];
  for (const entry of entries) {
    const day = calendarDay(new Date(entry.createdAt), timeZone);
    const current = days.at(-1);
    if (current !== undefined && day <= current.day) current.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}
