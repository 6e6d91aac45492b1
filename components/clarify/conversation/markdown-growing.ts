import type { RemendOptions } from "remend";
import remend from "remend";

/** Ends of a text whose meaning only the next characters decide. */
const UNDECIDED: readonly RegExp[] = [
  // A row of a table, before its line is whole; the head of a table, before the line below it is.
  /(?:^|\n)(?![ \t|:]*-[ \t|:-]*(?:\n|$))[ \t]*\|[^\n]*(?:\n[ \t|:-]*)?$/,
  // A link, picture or check box up to its closing bracket. Longer brackets are an aside, and are read as they come.
  /!?\[[^[\]\n]{0,80}(?:\](?:\([^)\s]*)?)?$/,
  // Marks, escapes and character references.
  /(?:[*_~`\\!]+|&#?\w{0,31})$/,
  // A line that has only its list marker, heading or quotation marks, or dashes.
  /(?:^|\n)[ \t>:=+*#-]*(?:\d{1,9}[.)]?)?[ \t]*$/,
];

/** `remend` does all that is not switched off, and parts of it take away or escape text. */
const NOTHING: RemendOptions = {
  bold: false,
  boldItalic: false,
  comparisonOperators: false,
  htmlTags: false,
  images: false,
  inlineCode: false,
  inlineKatex: false,
  italic: false,
  katex: false,
  links: false,
  setextHeadings: false,
  singleTilde: false,
  strikethrough: false,
};

/**
 * Closes the markup that a growing block leaves open, so that it is drawn as what it becomes, and leaves out the end that
 * is not decided yet.
 */
export function mendGrowing(block: string): string {
  const decided = UNDECIDED.reduce((text, undecided) => text.replace(undecided, ""), block);
  // Code first: marks inside it close nothing.
  return remend(remend(decided, { ...NOTHING, inlineCode: true }), {
    ...NOTHING,
    bold: true,
    italic: true,
    boldItalic: true,
    strikethrough: true,
  });
}
