import { fold } from "./fold";

const CHARACTERS_BEFORE = 40;
const CHARACTERS = 160;

/** A part of a text, and whether it is one of the search words. */
export interface ExcerptPart {
  text: string;
  found: boolean;
}

/**
 * The part of a text around the first search word in it, on one line, with every search word marked.
 * @param words folded; if none is in the text, the excerpt is its beginning
 */
export function excerpt(content: string, words: readonly string[]): ExcerptPart[] {
  const characters = [...content.trim().replace(/\s+/g, " ")];
  const found = findWords(characters, words);
  const first = found.indexOf(true);
  const start = first <= CHARACTERS_BEFORE ? 0 : afterSpace(characters, first - CHARACTERS_BEFORE, first);
  const end = Math.min(start + CHARACTERS, characters.length);

  const parts: ExcerptPart[] = start > 0 ? [{ text: "…", found: false }] : [];
  for (const [offset, text] of characters.slice(start, end).entries()) {
    const isFound = found[start + offset] === true;
    const last = parts.at(-1);
    if (last?.found === isFound) last.text += text;
    else parts.push({ text, found: isFound });
  }
  if (end < characters.length) parts.push({ text: "…", found: false });
  return parts;
}

/** For each character, whether it belongs to one of the words. */
function findWords(characters: readonly string[], words: readonly string[]): boolean[] {
  // Folding changes how many code units a character has, so each unit stores its character.
  const owners: number[] = [];
  let folded = "";
  for (const [index, character] of characters.entries()) {
    const unit = fold(character);
    for (let count = 0; count < unit.length; count += 1) owners.push(index);
    folded += unit;
  }

  const found = Array<boolean>(characters.length).fill(false);
  for (const word of words) {
    for (let at = folded.indexOf(word); at !== -1; at = folded.indexOf(word, at + word.length)) {
      // Up to the next character that folding leaves, so that a mark stays with its letter.
      found.fill(true, owners[at], owners[at + word.length] ?? characters.length);
    }
  }
  return found;
}

/** The first position after a space from `from` on; `from` itself if there is none before `limit`, as in Japanese. */
function afterSpace(characters: readonly string[], from: number, limit: number): number {
  const space = characters.indexOf(" ", from);
  return space === -1 || space >= limit ? from : space + 1;
}
