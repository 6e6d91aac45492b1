import type { TextStorage } from "./draft-store";

const PREFIX = "clarify:outbox:";

/** A message that the server is not known to have. */
export interface UnsentMessage {
  id: string;
  content: string;
  /** ISO-8601, UTC. */
  createdAt: string;
}

export type Outbox = ReturnType<typeof createOutbox>;

/**
 * A person's messages from the moment they are sent until the server has them, per conversation and across reloads. Each has a
 * key of its own, and every read looks at the storage: tabs of one conversation add to the same outbox, and none overwrites
 * another's.
 */
export function createOutbox(storage: () => TextStorage, userId: string) {
  const own = `${PREFIX}${userId}:`;
  /** Messages that the storage did not take, by key: they last as long as the page. */
  const unstored = new Map<string, string>();

  function texts(prefix: string): Map<string, string> {
    const found = new Map([...unstored].filter(([key]) => key.startsWith(prefix)));
    attempt(() => {
      const kept = storage();
      for (const key of Array.from({ length: kept.length }, (_, index) => kept.key(index))) {
        const text = key?.startsWith(prefix) ? kept.getItem(key) : null;
        if (key !== null && text !== null) found.set(key, text);
      }
    });
    return found;
  }

  function store(key: string, text: string) {
    const stored = attempt(() => storage().setItem(key, text));
    if (!stored) unstored.set(key, text);
  }

  function forget(keys: Iterable<string>) {
    for (const key of keys) {
      unstored.delete(key);
      attempt(() => storage().removeItem(key));
    }
  }

  const keyOf = (sessionId: string, id: string) => `${own}${sessionId}:${id}`;

  /** Earlier versions named no person, and had lists. They are whose the conversation is, and only those open it. */
  function takeOver(sessionId: string) {
    for (const [key, text] of texts(PREFIX + sessionId)) {
      for (const message of parseMessages(text)) store(keyOf(sessionId, message.id), JSON.stringify([message]));
      forget([key]);
    }
  }

  return {
    /** Oldest first. */
    read(sessionId: string): UnsentMessage[] {
      takeOver(sessionId);
      return [...texts(keyOf(sessionId, "")).values()]
        .flatMap(parseMessages)
        .sort((one, other) => one.createdAt.localeCompare(other.createdAt));
    },

    /** The conversations that hold messages, each once. */
    sessions(): string[] {
      const ids = [...texts(own).keys()].map((key) => key.slice(own.length).split(":")[0] ?? "");
      return [...new Set(ids)].sort();
    },

    /** Whether every message would be found again after a reload. */
    allStored: () => unstored.size === 0,

    /** Keeps a message; one that is kept already stays as it is. */
    put(sessionId: string, { id, content, createdAt }: UnsentMessage): void {
      const key = keyOf(sessionId, id);
      if (!texts(key).has(key)) store(key, JSON.stringify([{ id, content, createdAt }]));
    },

    remove(sessionId: string, id: string): void {
      takeOver(sessionId);
      forget([keyOf(sessionId, id)]);
    },

    removeAll(sessionId: string): void {
      takeOver(sessionId);
      forget(texts(keyOf(sessionId, "")).keys());
    },

    /** Forgets all messages, whosever they are: the next person at this browser must not find them. */
    clear(): void {
      forget(texts(PREFIX).keys());
    },
  };
}

/** Whether the storage did it: one that is full or forbidden throws. */
function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

/** What was stored, as far as it is what this version stores. */
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
