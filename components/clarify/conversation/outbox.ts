import type { TextStorage } from "../text-store";
import { createTextStore } from "../text-store";

/** A message that the server is not known to have. */
export interface UnsentMessage {
  id: string;
  content: string;
  /** ISO-8601, UTC. */
  createdAt: string;
}

export type Outbox = ReturnType<typeof createOutbox>;

/** Messages from the moment they are sent until the server has them, per conversation and across reloads. */
export function createOutbox(storage: () => TextStorage) {
  const texts = createTextStore("clarify:outbox:", storage);

  function write(sessionId: string, messages: readonly UnsentMessage[]) {
    texts.write(sessionId, messages.length === 0 ? "" : JSON.stringify(messages));
  }

  function read(sessionId: string): UnsentMessage[] {
    return parseMessages(texts.read(sessionId));
  }

  return {
    /** Oldest first. */
    read,

    /** Keeps a message; one that is kept already stays where it is. */
    put(sessionId: string, message: UnsentMessage): void {
      const messages = read(sessionId);
      if (!messages.some(({ id }) => id === message.id)) write(sessionId, [...messages, message]);
    },

    remove(sessionId: string, id: string): void {
      const messages = read(sessionId);
      const others = messages.filter((message) => message.id !== id);
      if (others.length < messages.length) write(sessionId, others);
    },

    removeAll(sessionId: string): void {
      texts.write(sessionId, "");
    },

    clear: texts.clear,
  };
}

/** What was stored, as far as it is what this version stores. */
function parseMessages(text: string): UnsentMessage[] {
  if (text === "") return [];
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
