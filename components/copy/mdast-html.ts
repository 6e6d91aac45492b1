import type { Nodes, TableCell } from "mdast";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { MARKDOWN_PLUGINS } from "@/components/markdown/markdown-plugins";
import { languageOfText } from "@/components/words/text-language";

const parser = unified().use(remarkParse).use(MARKDOWN_PLUGINS).freeze();

/** A text as HTML shows it: nothing in it is markup. */
export function escapeHtml(text: string): string {
  const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.toWellFormed().replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** The attributes of an element with a person's or the model's words: its own direction, and its language if it is known. */
export function writtenAttributes(text: string): string {
  const language = languageOfText(text);
  return language === undefined ? 'dir="auto"' : `dir="auto" lang="${language}"`;
}

/** A plain text as paragraphs. Line breaks stay, and each paragraph has its own direction. */
export function paragraphs(text: string): string {
  return text
    .trim()
    .split(/\n[^\S\n]*\n+/)
    .map((part) => `<p ${writtenAttributes(part)}>${escapeHtml(part)}</p>`)
    .join("\n");
}

/** A reply's markdown as HTML. HTML in it is shown as text, and pictures are links, so that nothing is fetched. */
export function markdownToHtml(markdown: string): string {
  const tree = parser.parse(markdown);
  // The plugins change the tree in its place.
  parser.runSync(tree);
  return html(tree);
}

function html(node: Nodes): string {
  switch (node.type) {
    case "root":
      return node.children.map(html).join("\n");
    case "paragraph":
      return element("p", node);
    case "heading":
      return element(node.depth <= 3 ? "h4" : "h5", node);
    case "blockquote":
      return element("blockquote", node);
    case "list":
      return element(node.ordered === true ? "ol" : "ul", node, startOf(node.start));
    case "listItem":
      return `<li dir="auto">${boxOf(node.checked)}${node.children.map((child) => withoutFrame(child)).join("\n")}</li>`;
    case "table":
      return `<table>${node.children.map(({ children }) => `<tr>${children.map(cell).join("")}</tr>`).join("")}</table>`;
    case "code":
      return `<pre dir="ltr"><code>${escapeHtml(node.value)}</code></pre>`;
    case "inlineCode":
      return `<code>${escapeHtml(node.value)}</code>`;
    case "strong":
      return `<strong>${inner(node)}</strong>`;
    case "emphasis":
      return `<em>${inner(node)}</em>`;
    case "delete":
      return `<del>${inner(node)}</del>`;
    case "break":
      return "<br>";
    case "thematicBreak":
      return "<hr>";
    case "link":
      return link(node.url, inner(node));
    case "image":
      return link(node.url, escapeHtml(node.alt ?? node.url));
    default:
      if ("children" in node) return inner(node);
      return "value" in node ? escapeHtml(node.value) : "";
  }
}

function inner({ children }: { children: Nodes[] }): string {
  return children.map(html).join("");
}

function element(tag: string, node: { children: Nodes[] }, attributes = ""): string {
  return `<${tag} dir="auto"${attributes}>${inner(node)}</${tag}>`;
}

/** A paragraph of a list's item, which is a line of it. */
function withoutFrame(node: Nodes): string {
  return node.type === "paragraph" ? inner(node) : html(node);
}

function cell(node: TableCell): string {
  return `<td dir="auto">${inner(node)}</td>`;
}

function startOf(start: number | null | undefined): string {
  return start === null || start === undefined || start === 1 ? "" : ` start="${start}"`;
}

function boxOf(checked: boolean | null | undefined): string {
  if (checked === null || checked === undefined) return "";
  return checked ? "☑ " : "☐ ";
}

/** Only addresses that lead to a page or a mail are links. */
function link(url: string, content: string): string {
  return /^(?:https?|mailto):/i.test(url)
    ? `<a href="${escapeHtml(url)}" rel="noopener noreferrer">${content}</a>`
    : content;
}
