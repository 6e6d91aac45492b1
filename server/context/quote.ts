/**
 * User-written text as data: one line, no markup, nothing invisible. A text that went through here cannot close the
 * fence around the context, open another, start a line of its own or hide characters from the reader.
 */

// Control characters, zero-width spaces, directional overrides and tag characters. The joiners U+200C and U+200D stay:
// Persian and emoji are written with them.
const INVISIBLE =
  "\\p{Cc}\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}";
const INVISIBLE_CHARACTERS = new RegExp(`[${INVISIBLE}]`, "gu");
/** Matches whatever quoting would change; most texts have nothing of the kind. */
const NEEDS_QUOTING = new RegExp(`[&<>${INVISIBLE}\\p{Cs}]|[^\\S ]|\\s\\s|^\\s|\\s$`, "u");
const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Longest quoted text in characters, so that one field cannot crowd out the rest of the context. */
const DEFAULT_LIMIT = 400;

/** The text on one line, escaped, and cut at a word to at most `limit` characters. */
export function quote(text: string, limit = DEFAULT_LIMIT): string {
  if (text.length <= limit && !NEEDS_QUOTING.test(text)) return text;
  // Only so much of a huge text is looked at; what is cut off later cannot need more than this.
  const line = text
    .slice(0, limit * 4)
    .toWellFormed()
    .replace(/\s+/gu, " ")
    .replace(INVISIBLE_CHARACTERS, "")
    .trim();
  return cutAtWord(line, limit).replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
}

/** At most `limit` characters, ending at a word and never inside a character that takes several code units. */
export function cutAtWord(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text.slice(0, limit + 1))) {
    if (index + segment.length > limit - 1) break;
    end = index + segment.length;
  }
  const lastSpace = text.lastIndexOf(" ", end);
  const cut = text[end] === " " || lastSpace < limit / 2 ? end : lastSpace;
  return `${text.slice(0, cut).trimEnd()}…`;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
