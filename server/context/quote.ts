/**
 * Prepares a person's text as data for a prompt: one line, no markup, no invisible characters. The result cannot close
 * the fence around the context or open another, not even with look-alike brackets, and cannot begin a line of its own.
 * A reader sees every character that the model gets.
 */

/**
 * The longest quoted text, in characters, if the caller gives no limit, so that one field cannot crowd out the rest.
 */
const DEFAULT_LIMIT = 400;

/** Characters that have no visible form, or that only their author can read. */
const INVISIBLE =
  "\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\p{Cc}\\p{Co}\\u200e\\u200f\\u2800\\ufff9-\\ufffb";

/** Letters of the scripts that are written with joiners, and their marks. */
const JOINING = `[\\p{M}${["Arabic", "Syriac", "Nko", "Mongolian", "Devanagari", "Bengali", "Gurmukhi", "Gujarati"]
  .concat(["Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Khmer", "Myanmar", "Tibetan"])
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join("")}]`;

/**
 * Places where an invisible character changes how its neighbours are drawn: one between joining letters, one in an
 * emoji.
 */
const VISIBLE_IN_PLACE = [
  `(?<=${JOINING})[\\u200c\\u200d](?=${JOINING})`,
  "(?<=\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]?)\\u200d(?=\\p{Extended_Pictographic})",
  "(?<=\\p{Extended_Pictographic}|[0-9#*](?=\\ufe0f\\u20e3))\\ufe0f",
].join("|");

const HIDDEN = new RegExp(`(?!${VISIBLE_IN_PLACE})[${INVISIBLE}]`, "gu");

/** More marks on one letter than any script uses. */
const PILED_MARKS = /(\p{M}{8})\p{M}+/gu;

/** The characters of most texts, none of which quoting changes. Spaces are checked separately. */
const PLAIN = /^[ !-%'-;=?-~À-ɏЀ-ҁא-תء-يक-हぁ-んァ-ヶ一-鿿가-힣…–—‘’“”·]*$/;

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * The text on one line, with markup escaped and everything invisible removed, cut at a word to at most `limit`
 * characters. Escaped characters count at their escaped length.
 */
export function quote(text: string, limit = DEFAULT_LIMIT): string {
  if (text.length <= limit && isPlain(text)) return text;
  // Only the beginning of a huge text is processed; the result cannot need more than this.
  const line = withPlainBrackets(
    text
      .slice(0, limit * 4)
      .toWellFormed()
      .replace(/\s+/gu, " ")
      .replace(HIDDEN, "")
      .replace(PILED_MARKS, "$1")
      .trim(),
  );
  return escapeMarkup(cutAtWord(line, limit, (part) => escapeMarkup(part).length));
}

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !text.includes("  ") && !text.startsWith(" ") && !text.endsWith(" ");
}

function escapeMarkup(text: string): string {
  return text.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
}

/** Brackets that could imitate a fence. Other angle quotation marks stay, because people write with them. */
const LOOK_ALIKES: Record<string, string> = { "＜": "<", "﹤": "<", "＞": ">", "﹥": ">", "＆": "&", "﹠": "&" };
const ANGLE_QUOTES = /[‹〈⟨❮❰⟪«《˂ᐸ≺⋖⟬⦑⧼](?=(.{0,12}))/gu;
const FENCE = /^ ?(?:[/⁄∕⧸╱]|context)/;
/** Cyrillic and Greek letters that look like Latin letters of the fence's name. */
const LATIN: Record<string, string> = {
  с: "c",
  ϲ: "c",
  о: "o",
  ο: "o",
  п: "n",
  т: "t",
  τ: "t",
  е: "e",
  х: "x",
  χ: "x",
};

/** Replaces everything that looks like a bracket of the fence by an ASCII bracket, which is then escaped. */
function withPlainBrackets(text: string): string {
  return text
    .replace(/[＜﹤＞﹥＆﹠]/gu, (character) => LOOK_ALIKES[character] ?? character)
    .replace(ANGLE_QUOTES, (bracket, after: string) => (FENCE.test(inLatin(after)) ? "<" : bracket));
}

function inLatin(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[сϲоοптτехχ]/gu, (letter) => LATIN[letter] ?? letter);
}

/**
 * At most `limit` characters, ending at a word and never inside a character of several code units, unless that
 * character alone is longer than the limit. `sizeOf` returns how many characters a part counts for.
 */
export function cutAtWord(text: string, limit: number, sizeOf = (part: string) => part.length): string {
  if (text.length <= limit && sizeOf(text) <= limit) return text;
  const end = fitting(graphemes.segment(text.slice(0, limit + 1)), limit - 1, sizeOf);
  if (end === 0) return `${text.slice(0, fitting(codePoints(text), limit - 1, sizeOf))}…`;
  const lastSpace = text.lastIndexOf(" ", end);
  const cut = text[end] === " " || lastSpace < limit / 2 ? end : lastSpace;
  return `${text.slice(0, cut).trimEnd()}…`;
}

/** The first sentence or line of a text, without its full stop, cut at a word to at most `limit` characters. */
export function firstSentence(text: string, limit = 160): string {
  const sentence = text.trim().split(/(?<=[.!?…。？！])\s|\n/u)[0] ?? "";
  return cutAtWord(sentence.replace(/\.$/, ""), limit);
}

/** The index at which the parts that fit into `limit` end. */
function fitting(parts: Iterable<{ segment: string }>, limit: number, sizeOf: (part: string) => number): number {
  let end = 0;
  let size = 0;
  for (const { segment } of parts) {
    size += sizeOf(segment);
    if (size > limit) break;
    end += segment.length;
  }
  return end;
}

function* codePoints(text: string): Generator<{ segment: string }> {
  for (const segment of text) yield { segment };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
