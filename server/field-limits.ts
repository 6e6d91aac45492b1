/** The most characters of each field, counted as the database counts them. Used by the server and by the forms. */
export const FIELD_LIMITS = {
  message: 4_000,
  sessionTitle: 200,
  dreamTitle: 200,
  dreamDescription: 4_000,
  dreamCategory: 50,
  pattern: 300,
  reflection: 10_000,
  reflectionTone: 40,
  accountName: 100,
  search: 200,
} as const;

/** The number of characters in a text, counted as the database counts them: an emoji of one code point is one. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length += 1;
  return length;
}

/** Whether a text has at most this many characters. It does not count all of a huge text, which would take too long. */
export function fits(text: string, limit: number): boolean {
  return text.length <= limit || (text.length <= limit * 2 && lengthOf(text) <= limit);
}

/** The beginning of a text that fits into a field, without half a character at its end. */
export function cutTo(text: string, limit: number): string {
  return fits(text, limit) ? text : [...text.slice(0, limit * 2)].slice(0, limit).join("");
}
