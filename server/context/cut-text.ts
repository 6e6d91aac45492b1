import { cutAtWord } from "./quote";
import type { CountTokens } from "./tokens";

/** The part of a text that is kept. */
export interface CutText {
  text: string;
  tokens: number;
  /** Characters that were left out at its end. */
  cutCharacters: number;
}

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/** The fewest characters of a text that is cut within its first sentence. */
const SHORTEST = 40;

/**
 * The longest beginning of a quoted text that fits, followed by a note of how much was left out. It is cut after a
 * sentence, or after a word if the first sentence does not fit. Undefined when nothing fits. The same text and room
 * give the same cut.
 *
 * @param room tokens of the whole line
 * @param lineOf makes the line from a part of the text
 */
export function cutText(
  whole: string,
  { room, lineOf, countTokens }: { room: number; lineOf: (part: string) => string; countTokens: CountTokens },
): CutText | undefined {
  const cutTo = (beginning: string): CutText => {
    const cutCharacters = whole.length - beginning.length;
    const text = lineOf(`${beginning} [… ${cutCharacters} more characters]`);
    return { text, tokens: countTokens(`${text}\n`), cutCharacters };
  };
  // Few tokens are longer than this, so text beyond it cannot fit.
  const looked = whole.slice(0, Math.max(0, room) * MOST_CHARACTERS_PER_TOKEN);
  const ends = sentenceEnds(looked);
  const candidates = ends.filter((end) => end < looked.length).map((end) => () => cutTo(whole.slice(0, end).trimEnd()));
  const [first = whole.length] = ends;
  const shorter = halvings(first).map(
    (length) => () => cutTo(withoutHalfEscape(cutAtWord(whole.slice(0, first), length))),
  );
  return longestFitting(candidates, room) ?? longestFitting(shorter.reverse(), room);
}

const MOST_CHARACTERS_PER_TOKEN = 12;

function sentenceEnds(text: string): number[] {
  return Array.from(sentences.segment(text), ({ index, segment }) => index + segment.length);
}

/** Lengths to try within one sentence, longest first. */
function halvings(length: number): number[] {
  const lengths: number[] = [];
  for (let next = length * 0.8; next >= SHORTEST; next *= 0.8) lengths.push(Math.floor(next));
  return lengths;
}

/** The last candidate that fits, found by halving. Candidates grow from first to last. */
function longestFitting(candidates: readonly (() => CutText)[], room: number): CutText | undefined {
  let fitting: CutText | undefined;
  let low = 0;
  let high = candidates.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const candidate = candidates[middle]?.();
    if (candidate !== undefined && candidate.tokens <= room) {
      fitting = candidate;
      low = middle + 1;
    } else high = middle - 1;
  }
  return fitting;
}

/** In quoted text an `&` always begins an escaped character, which must not be cut in two. */
function withoutHalfEscape(text: string): string {
  return text
    .replace(/&[a-z]{0,4}…?$/, "")
    .replace(/…$/, "")
    .trimEnd();
}
