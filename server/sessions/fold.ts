/**
 * Vowel points and accents: Latin, Greek and Cyrillic, Hebrew, Arabic. The database ignores the same ones
 * (`search_messages`).
 */
const POINTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]+/g;

/**
 * A text in the form in which searches compare it, in any script: without capitals, vowel points and accents, and with
 * compatible forms unified. Folding a text equals folding its characters one by one.
 */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(POINTS, "").toLowerCase().replaceAll("ς", "σ");
}

/** The LIKE pattern of texts that contain a word, with its special characters escaped. */
export function containing(word: string): string {
  return `%${word.replace(/[\\%_]/g, "\\$&")}%`;
}

/** The folded words of a search. A text is found when it contains each of them, anywhere. */
export function searchWords(search: string): string[] {
  return fold(search).split(/\s+/).filter(Boolean);
}
