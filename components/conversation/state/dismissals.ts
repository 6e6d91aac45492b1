import type { TextStorage } from "./draft-store";
import { createKeptTexts } from "./kept-texts";

const PREFIX = "clarify:dismissed:";
/** Old ones are forgotten, because what they name is seldom offered again. */
const MOST = 100;

export type Dismissals = ReturnType<typeof createDismissals>;

/** The keys of what a person does not want to be shown again in this browser. A key has no words of the person in it. */
export function createDismissals(storage: () => TextStorage, userId: string) {
  const own = PREFIX + userId;
  const kept = createKeptTexts(storage);
  const keys = () => parseKeys(kept.read(own).get(own) ?? "[]");

  return {
    has: (key: string): boolean => keys().includes(key),

    add(key: string): void {
      kept.store(own, JSON.stringify([...keys().filter((known) => known !== key), key].slice(-MOST)));
    },

    /** Forgets those of all people. */
    clear(): void {
      kept.forget(kept.read(PREFIX).keys());
    },
  };
}

function parseKeys(text: string): string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter((key) => typeof key === "string") : [];
  } catch {
    return [];
  }
}
