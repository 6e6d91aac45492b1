/** The part of `localStorage` that kept texts need. */
export type TextStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export type TextStore = ReturnType<typeof createTextStore>;

/**
 * One text per conversation, kept across reloads under a prefix of its own. A storage that is full or forbidden costs
 * only the memory across reloads.
 */
export function createTextStore(prefix: string, storage: () => TextStorage) {
  const texts = new Map<string, string>();
  const listeners = new Set<() => void>();

  return {
    read(sessionId: string): string {
      const known = texts.get(sessionId);
      if (known !== undefined) return known;
      const stored = attempt(() => storage().getItem(prefix + sessionId)) ?? "";
      texts.set(sessionId, stored);
      return stored;
    },

    write(sessionId: string, text: string): void {
      texts.set(sessionId, text);
      attempt(() => {
        if (text === "") storage().removeItem(prefix + sessionId);
        else storage().setItem(prefix + sessionId, text);
      });
      for (const listener of listeners) listener();
    },

    /** Forgets all texts: the next person at this browser must not find them. */
    clear(): void {
      texts.clear();
      attempt(() => {
        const kept = storage();
        const keys = Array.from({ length: kept.length }, (_, index) => kept.key(index));
        for (const key of keys) if (key?.startsWith(prefix)) kept.removeItem(key);
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
