import type { TextStorage, TextStore } from "../text-store";
import { createTextStore } from "../text-store";

export type DraftStore = TextStore;

/** What was typed and not sent, per conversation. */
export function createDraftStore(storage: () => TextStorage): DraftStore {
  return createTextStore("clarify:draft:", storage);
}
