/** The part of `localStorage` that drafts and unsent messages use. */
export type TextStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "clarify:draft:";

export type DraftStore = ReturnType<typeof createDraftStore>;

/**
 * The text that was typed and not sent, one for each conversation, kept across reloads. Every read reads the storage,
 * so that the tabs of one conversation share its draft. If the storage is full or forbidden, drafts last as long as the
 * page.
 */
export function createDraftStore(storage: () => TextStorage) {
  /** Drafts that could not be stored. */
  const unstored = new Map<string, string>();
  const listeners = new Set<() => void>();

  return {
    read(sessionId: string): string {
      return unstored.get(sessionId) ?? attempt(() => storage().getItem(PREFIX + sessionId)) ?? "";
    },

    write(sessionId: string, text: string): void {
      const stored = attempt(() => {
        if (text === "") storage().removeItem(PREFIX + sessionId);
        else storage().setItem(PREFIX + sessionId, text);
        return true;
      });
      if (stored) unstored.delete(sessionId);
      else unstored.set(sessionId, text);
      for (const listener of listeners) listener();
    },

    /** Whether every draft would survive a reload. */
    allStored: () => unstored.size === 0,

    /** Removes all texts, so that the next person at this browser cannot find them. */
    clear(): void {
      unstored.clear();
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
