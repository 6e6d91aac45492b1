import type { EntryName } from "./store";

/** What an entry takes in a process in addition to its text, in bytes: its object, its places in LRU lists and maps. */
export const ENTRY_OVERHEAD_BYTES = 600;

/** One text for the key and the version of an entry. */
export function entryId({ key, version }: EntryName): string {
  return `${version}:${key}`;
}

/** The size of an entry in a process, in bytes. The text of its key is held twice. */
export function entryBytes(id: string, payload: string): number {
  return ENTRY_OVERHEAD_BYTES + 2 * id.length + payload.length * (isLatin1(payload) ? 1 : 2);
}

/** V8 stores such text in one byte per character, and other text in two. */
function isLatin1(text: string): boolean {
  return !/[\u0100-\uffff]/.test(text);
}
