import { FIELD_LIMITS } from "@/server/field-limits";

const COUNTED_FROM = 3_600;

/** What to say about a message's length; null while there is room enough not to think about it. */
export function lengthWords(length: number): { text: string; over: boolean } | null {
  if (length < COUNTED_FROM) return null;
  const left = FIELD_LIMITS.message - length;
  const count = Math.abs(left).toLocaleString("en");
  return left < 0
    ? { text: `${count} too many`, over: true }
    : { text: `${count} ${left === 1 ? "character" : "characters"} left`, over: false };
}

/** Whether a draft can be sent as it is. */
export function isSendable(draft: string): boolean {
  return draft.trim() !== "" && draft.length <= FIELD_LIMITS.message;
}
