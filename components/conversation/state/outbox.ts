import type { TextStorage } from "./draft-store";
import { createKeptTexts } from "./kept-texts";

const PREFIX = "clarify:outbox:";

/** A message that the server may not have. */
export interface UnsentMessage {
  id: string;
  content: string;
  /** ISO-8601, UTC. */
  createdAt: string;
}

export type Outbox = ReturnType<typeof createOutbox>;

/**
 * A person's messages from the moment they are sent until the server has them, for each conversation and across
 * reloads. Each message has a key of its own, and every read reads the storage, so that the tabs of one conversation
 * share an outbox and never overwrite each other's messages.
 */
export function createOutbox(storage: () => TextStorage, userId: string) {
  const own = `${PREFIX}${userId}:`;
  const kept = createKeptTexts(storage);
  const keyOf = (sessionId: string, id: string) => `${own}${sessionId}:${id}`;

  /**
   * Earlier versions stored lists without a person's id. They belong to the owner of the conversation, and only the
   * owner can open it.
   */
  function takeOver(sessionId: string) {
    for (const [key, text] of kept.read(PREFIX + sessionId)) {
      // No id is the beginning of another one, but the empty text is that of all.
      if (sessionId === "") continue;
      for (const message of parseMessages(text)) kept.store(keyOf(sessionId, message.id), JSON.stringify([message]));
      kept.forget([key]);
    }
  }

  return {
    /** Oldest first. */
    read(sessionId: string): UnsentMessage[] {
      takeOver(sessionId);
      return [...kept.read(keyOf(sessionId, "")).values()]
        .flatMap(parseMessages)
        .sort((one, other) => one.createdAt.localeCompare(other.createdAt));
    },

    /** The conversations that hold messages, each once. */
    sessions(): string[] {
      const ids = [...kept.read(own).keys()].map((key) => key.slice(own.length).split(":")[0] ?? "");
      return [...new Set(ids)].sort();
    },

    /** Whether every message would survive a reload. */
    allStored: kept.allStored,

    /** Stores a message; a stored message stays unchanged. */
    put(sessionId: string, { id, content, createdAt }: UnsentMessage): void {
      const key = keyOf(sessionId, id);
      if (!kept.read(key).has(key)) kept.store(key, JSON.stringify([{ id, content, createdAt }]));
    },

    remove(sessionId: string, id: string): void {
      takeOver(sessionId);
      kept.forget([keyOf(sessionId, id)]);
    },

    removeAll(sessionId: string): void {
      takeOver(sessionId);
      kept.forget(kept.read(keyOf(sessionId, "")).keys());
    },

    /** Removes the messages of all people, so that the next person at this browser cannot find them. */
    clear(): void {
      kept.forget(kept.read(PREFIX).keys());
    },
  };
}

/** The messages in a stored text, as far as it is in the form of this version. */
function parseMessages(text: string): UnsentMessage[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter(isUnsentMessage) : [];
  } catch {
    return [];
  }
}

function isUnsentMessage(value: unknown): value is UnsentMessage {
  if (typeof value !== "object" || value === null) return false;
  const fields = ["id", "content", "createdAt"] as const;
  return fields.every((field) => field in value && typeof Reflect.get(value, field) === "string");
}
