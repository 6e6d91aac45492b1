/** The part of `localStorage` that drafts and unsent messages need. */
export type TextStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "clarify:draft:";

export type DraftStore = ReturnType<typeof createDraftStore>;

/**
 * The text that was typed and not sent, one per conversation, kept across reloads. With a storage that is full or
 * forbidden, drafts last as long as the page.
 */
export function createDraftStore(storage: () => TextStorage) {
  const texts = new Map<string, string>();
  const listeners = new Set<() => void>();

  return {
    read(sessionId: string): string {
      const known = texts.get(sessionId);
      if (known !== undefined) return known;
      const stored = attempt(() => storage().getItem(PREFIX + sessionId)) ?? "";
      texts.set(sessionId, stored);
      return stored;
    },

    write(sessionId: string, text: string): void {
      texts.set(sessionId, text);
      attempt(() => {
        if (text === "") storage().removeItem(PREFIX + sessionId);
        else storage().setItem(PREFIX + sessionId, text);
      });
      for (const listener of listeners) listener();
    },

    /** Forgets all texts: the next person at this browser must not find them. */
    clear(): void {
      texts.clear();
      attempt(() => {
        const kept = storage();
        const keys = Array.from({ length: kept.length }, (_, index) => kept.key(index));
        for (const key of keys) if (key?.startsWith(PREFIX)) kept.removeItem(key);
      });
    },

    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
