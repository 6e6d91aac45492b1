import type { Root } from "mdast";
import remarkCjkFriendly from "remark-cjk-friendly";
import remarkGfm from "remark-gfm";
import type {} from "remark-parse";
import type { PluggableList, Processor } from "unified";

/**
 * Constructs that would hide words or change the text before them. HTML is shown as text, `[name]: words` and footnotes
 * stay in their place, and a line of dashes does not turn the line above it into a heading.
 */
const NOT_MARKDOWN = [
  "htmlFlow",
  "htmlText",
  "definition",
  "gfmFootnoteDefinition",
  "gfmFootnoteCall",
  "gfmPotentialFootnoteCall",
  "setextUnderline",
];

function remarkLiteral(this: Processor) {
  const data = this.data();
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), { disable: { null: NOT_MARKDOWN } }];
  return keepEveryCell;
}

/** Cells beyond the head of a table would be dropped, so the head is widened to the longest row. */
function keepEveryCell(tree: Root) {
  for (const node of tree.children) {
    if (node.type !== "table") continue;
    const align = node.align ?? [];
    const columns = Math.max(...node.children.map(({ children }) => children.length));
    node.align = [...align, ...Array<null>(Math.max(0, columns - align.length)).fill(null)];
  }
}

/** The dialect of replies. */
export const MARKDOWN_PLUGINS: PluggableList = [[remarkGfm, { singleTilde: false }], remarkCjkFriendly, remarkLiteral];
