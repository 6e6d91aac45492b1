import type { TextStorage } from "@/components/conversation/state/draft-store";

/** A storage like the browser's, with visible entries. */
export function storageWith(entries: Record<string, string> = {}): TextStorage & { entries: Map<string, string> } {
  const map = new Map(Object.entries(entries));
  return {
    entries: map,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
    key: (index) => [...map.keys()][index] ?? null,
    get length() {
      return map.size;
    },
  };
}
