import type { TextStorage } from "./draft-store";

export type KeptTexts = ReturnType<typeof createKeptTexts>;

/**
 * Texts by key, kept across reloads and shared by all tabs: every read reads the storage. A text that could not be
 * stored lasts as long as the page.
 */
export function createKeptTexts(storage: () => TextStorage) {
  const unstored = new Map<string, string>();

  return {
    /** The texts whose keys begin with `prefix`, by key. */
    read(prefix: string): Map<string, string> {
      const found = new Map([...unstored].filter(([key]) => key.startsWith(prefix)));
      attempt(() => {
        const kept = storage();
        for (const key of Array.from({ length: kept.length }, (_, index) => kept.key(index))) {
          const text = key?.startsWith(prefix) ? kept.getItem(key) : null;
          if (key !== null && text !== null) found.set(key, text);
        }
      });
      return found;
    },

    store(key: string, text: string): void {
      if (attempt(() => storage().setItem(key, text))) unstored.delete(key);
      else unstored.set(key, text);
    },

    forget(keys: Iterable<string>): void {
      for (const key of keys) {
        unstored.delete(key);
        attempt(() => storage().removeItem(key));
      }
    },

    /** Whether every text would survive a reload. */
    allStored: () => unstored.size === 0,
  };
}

/** Whether the storage accepted it. A full or forbidden storage throws. */
function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
