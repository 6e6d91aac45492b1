import { codeOf } from "@/components/trpc/errors";
import type { TrpcClient } from "@/components/trpc/trpc";
import type { Message } from "@/server/conversation/events";
import type { Page } from "@/server/database/keyset";
import type { Dream } from "@/server/dreams/dream";
import type { Pattern } from "@/server/patterns/router";
import type { Reflection } from "@/server/reflections/router";
import type { Session } from "@/server/sessions/router";

export type CopySection = "dreams" | "reflections" | "conversations" | "patterns";

/** The parts of a copy, in their order. */
export type CopyPart =
  | { kind: "begin"; name: string; at: string }
  | { kind: "section"; section: CopySection; isEmpty: boolean }
  | { kind: "dream"; dream: Dream }
  | { kind: "reflection"; reflection: Reflection; about: string | null }
  | { kind: "conversation"; session: Session }
  | { kind: "message"; message: Message }
  | { kind: "pattern"; pattern: Pattern }
  | { kind: "end" };

type ReadPage<Item> = (cursor: string | null) => Promise<Page<Item>>;

/** The lists of one person, a page at a time, as the pages of the app read them. */
export interface CopySource {
  dreams: ReadPage<Dream>;
  reflections: ReadPage<Reflection>;
  sessions: (status: Session["status"]) => ReadPage<Session>;
  /** Newest page first, each page oldest message first; null when the conversation is gone. */
  messages: (sessionId: string) => (cursor: string | null) => Promise<Page<Message> | null>;
  patterns: ReadPage<Pattern>;
}

/** The most that the server gives at once. */
const limit = 100;

export function copySource(client: TrpcClient, signal: AbortSignal): CopySource {
  return {
    dreams: (cursor) => client.dreams.list.query({ cursor, limit }, { signal }),
    reflections: (cursor) => client.reflections.list.query({ cursor, limit }, { signal }),
    sessions: (status) => (cursor) => client.sessions.list.query({ status, cursor, limit }, { signal }),
    messages: (sessionId) => (cursor) =>
      client.messages.list.query({ sessionId, cursor, limit }, { signal }).catch((error: unknown) => {
        if (codeOf(error) === "NOT_FOUND") return null;
        throw error;
      }),
    patterns: (cursor) => client.patterns.list.query({ cursor, limit }, { signal }),
  };
}

/**
 * Everything that a person can read in the app: their dreams, and, oldest first, reflections, conversations and
 * patterns. It holds one kind of items or one conversation at a time. A conversation that is removed meanwhile is left
 * out.
 * @param at the day of the copy, ISO-8601
 */
export async function* readAccount(
  source: CopySource,
  { name, at }: { name: string; at: string },
): AsyncGenerator<CopyPart> {
  yield { kind: "begin", name, at };

  const dreams = await all(source.dreams);
  yield { kind: "section", section: "dreams", isEmpty: dreams.length === 0 };
  for (const status of ["active", "achieved", "released"]) {
    for (const dream of dreams) if (dream.status === status) yield { kind: "dream", dream };
  }

  const titles = new Map(dreams.map(({ id, title }) => [id, title]));
  const reflections = await all(source.reflections);
  yield { kind: "section", section: "reflections", isEmpty: reflections.length === 0 };
  for (const reflection of reflections.reverse()) {
    yield { kind: "reflection", reflection, about: titles.get(reflection.dreamId ?? "") ?? null };
  }

  const sessions = [...(await all(source.sessions("active"))), ...(await all(source.sessions("archived")))];
  yield { kind: "section", section: "conversations", isEmpty: sessions.length === 0 };
  for (const session of sessions.sort((one, other) => one.createdAt.localeCompare(other.createdAt))) {
    const messages = await messagesOf(source.messages(session.id));
    if (messages === null) continue;
    yield { kind: "conversation", session };
    for (const message of messages) yield { kind: "message", message };
  }

  const patterns = await all(source.patterns);
  yield { kind: "section", section: "patterns", isEmpty: patterns.length === 0 };
  for (const pattern of patterns.reverse()) yield { kind: "pattern", pattern };
  yield { kind: "end" };
}

async function all<Item>(read: ReadPage<Item>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await read(cursor);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** Oldest first. */
async function messagesOf(read: ReturnType<CopySource["messages"]>): Promise<Message[] | null> {
  const pages: Message[][] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Message> | null = await read(cursor);
    if (page === null) return null;
    pages.push(page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages.reverse().flat();
}
