/** The most characters that a field takes, counted as the database counts them. Read by the server and by the forms. */
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

/** How many characters a text has, counted as the database counts them: an emoji of one code point is one. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length += 1;
  return length;
}

/** Whether a text has at most so many characters. To count those of a huge text only to refuse it would cost too much. */
export function fits(text: string, limit: number): boolean {
  return text.length <= limit || (text.length <= limit * 2 && lengthOf(text) <= limit);
}

/** As much of a text as a field takes, without half a character at its end. */
export function cutTo(text: string, limit: number): string {
  return fits(text, limit) ? text : [...text.slice(0, limit * 2)].slice(0, limit).join("");
}
