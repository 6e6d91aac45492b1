const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const LIST_ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s/;

/**
 * Splits markdown into pieces that can be rendered one by one, so that a growing reply renders only its last piece
 * again. Cuts at blank lines, but never inside a code fence or a list.
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

/** Whether a line behind a blank one leaves the block: what is indented, or goes on with a list, stays in it. */
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
