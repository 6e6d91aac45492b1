import type { Session } from "@/server/sessions/router";
import type { TextStorage } from "./draft-store";
import { createKeptTexts } from "./kept-texts";

const PREFIX = "clarify:new:";

/** A conversation that the server does not have, because nothing was said in it. */
export interface NewConversation {
  offRecord: boolean;
  /** ISO-8601, UTC. */
  createdAt: string;
  /** Whether the server may have it after all: its first message was sent, and nothing came back. */
  sent: boolean;
}

export type NewConversations = ReturnType<typeof createNewConversations>;

/**
 * A person's conversations from the moment they are opened until the server has their first message, across reloads and
 * shared by all tabs.
 */
export function createNewConversations(storage: () => TextStorage, userId: string) {
  const own = `${PREFIX}${userId}:`;
  const kept = createKeptTexts(storage);
  const listeners = new Set<() => void>();

  function changed() {
    for (const listener of listeners) listener();
  }

  /** The stored form, which is the same text until something changes. */
  const readText = (id: string) => kept.read(own + id).get(own + id) ?? null;

  return {
    readText,
    read: (id: string): NewConversation | null => parseNewConversation(readText(id)),

    ids: (): string[] => [...kept.read(own).keys()].map((key) => key.slice(own.length)),

    put(id: string, { offRecord, createdAt, sent }: NewConversation): void {
      kept.store(own + id, JSON.stringify({ offRecord, createdAt, sent }));
      changed();
    },

    remove(id: string): void {
      kept.forget([own + id]);
      changed();
    },

    /** Removes those of all people, so that the next person at this browser cannot find them. */
    clear(): void {
      kept.forget(kept.read(PREFIX).keys());
      changed();
    },

    /** Whether each would survive a reload. */
    allStored: kept.allStored,

    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Null if the text is not in the form of this version. */
export function parseNewConversation(text: string | null): NewConversation | null {
  if (text === null) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return isNewConversation(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isNewConversation(value: unknown): value is NewConversation {
  if (typeof value !== "object" || value === null) return false;
  const types = { offRecord: "boolean", createdAt: "string", sent: "boolean" } as const;
  return Object.entries(types).every(([field, type]) => typeof Reflect.get(value, field) === type);
}

/** A new conversation as the server would describe it. */
export function newSession(id: string, { offRecord, createdAt }: NewConversation): Session {
  return { id, title: null, status: "active", offRecord, messageCount: 0, lastMessageAt: createdAt, createdAt };
}
