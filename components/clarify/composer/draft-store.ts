const PREFIX = "clarify:draft:";

/** The part of `localStorage` that drafts need. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export type DraftStore = ReturnType<typeof createDraftStore>;

/**
 * What was typed and not sent, per conversation. A storage that is full or forbidden costs only the memory across
 * reloads.
 */
export function createDraftStore(storage: () => DraftStorage) {
  const drafts = new Map<string, string>();
  const listeners = new Set<() => void>();

  return {
    read(sessionId: string): string {
      const known = drafts.get(sessionId);
      if (known !== undefined) return known;
      const stored = attempt(() => storage().getItem(PREFIX + sessionId)) ?? "";
      drafts.set(sessionId, stored);
      return stored;
    },

    write(sessionId: string, draft: string): void {
      drafts.set(sessionId, draft);
      attempt(() => {
        if (draft === "") storage().removeItem(PREFIX + sessionId);
        else storage().setItem(PREFIX + sessionId, draft);
      });
      for (const listener of listeners) listener();
    },

    /** Forgets all drafts: the next person at this browser must not find them. */
    clear(): void {
      drafts.clear();
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
