import type { RemendOptions } from "remend";
import remend from "remend";

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const LIST_ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s/;

/**
 * Splits markdown into pieces that can be rendered one by one, so that a growing reply only renders its last piece
 * again. Splits at blank lines, but never inside a code fence or a list.
 */
export function markdownBlocks(markdown: string): string[] {
  const blocks: string[] = [];
  let block: string[] = [];
  let fence: string | null = null;
  let afterBlank = false;

  for (const line of markdown.split("\n")) {
    if (fence === null && line.trim() === "") {
      afterBlank = true;
      block.push(line);
      continue;
    }
    if (fence === null && afterBlank && startsBlock(line, block)) {
      blocks.push(block.join("\n").trimEnd());
      block = [];
    }
    afterBlank = false;
    block.push(line);
    fence = nextFence(fence, line);
  }
  const last = block.join("\n").trimEnd();
  return last === "" ? blocks : [...blocks, last];
}

/** Whether a line after a blank line begins a new block. An indented line, or one that continues a list, does not. */
function startsBlock(line: string, block: readonly string[]): boolean {
  const first = block.find((candidate) => candidate.trim() !== "");
  if (first === undefined) return false;
  if (!LIST_ITEM.test(first)) return true;
  return !LIST_ITEM.test(line) && !/^\s/.test(line);
}

function nextFence(fence: string | null, line: string): string | null {
  const mark = FENCE.exec(line)?.[1];
  if (mark === undefined) return fence;
  if (fence === null) return mark;
  const closes = mark[0] === fence[0] && mark.length >= fence.length && line.trim() === mark;
  return closes ? null : fence;
}

/** Ends of a text whose meaning depends on the next characters. */
const UNDECIDED: readonly RegExp[] = [
  // A table row before its line is complete; the head of a table before the line below it is complete.
  /(?:^|\n)(?![ \t|:]*-[ \t|:-]*(?:\n|$))[ \t]*\|[^\n]*(?:\n[ \t|:-]*)?$/,
  // A link, picture or check box up to its closing bracket. Longer brackets count as ordinary text.
  /!?\[[^[\]\n]{0,80}(?:\](?:\([^)\s]*)?)?$/,
  // Marks, escapes and character references.
  /(?:[*_~`\\!]+|&#?\w{0,31})$/,
  // A line that has only its list marker, heading or quotation marks, or dashes.
  /(?:^|\n)[ \t>:=+*#-]*(?:\d{1,9}[.)]?)?[ \t]*$/,
];

/** `remend` does everything that is not switched off, and some of its steps remove or escape text. */
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
 * Closes the markup that a growing block leaves open, so that it is rendered in its final form, and leaves out an end
 * whose meaning is not clear yet.
 */
export function mendGrowing(block: string): string {
  const decided = UNDECIDED.reduce((text, undecided) => text.replace(undecided, ""), block);
  // Code first, because marks inside it close nothing.
  return remend(remend(decided, { ...NOTHING, inlineCode: true }), {
    ...NOTHING,
    bold: true,
    italic: true,
    boldItalic: true,
    strikethrough: true,
  });
}
