import type { Nodes } from "mdast";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { describe, expect, it } from "vitest";
import { createHtmlWriter } from "@/components/copy/html-copy";
import { createMarkdownWriter } from "@/components/copy/markdown-copy";
import { escapeHtml, markdownToHtml, paragraphs } from "@/components/copy/mdast-html";
import type { CopyPart, CopySource } from "@/components/copy/read-account";
import { readAccount } from "@/components/copy/read-account";
import { en } from "@/components/words/en";
import { he } from "@/components/words/he";
import { createSpeech } from "@/components/words/speech";
import type { Message } from "@/server/conversation/events";
import type { Dream } from "@/server/dreams/dream";
import type { Reflection } from "@/server/reflections/router";
import type { Session } from "@/server/sessions/router";

const AT = "2026-11-21T20:04:00.000Z";
const english = createSpeech("en", en);

const dream = (fields: Partial<Dream>): Dream => ({
  id: "dream",
  title: "Throw a moon jar",
  description: null,
  category: null,
  status: "active",
  paused: false,
  targetDate: null,
  sessionId: null,
  achievedAt: null,
  releasedAt: null,
  createdAt: AT,
  updatedAt: AT,
  ...fields,
});

const reflection = (fields: Partial<Reflection>): Reflection => ({
  id: "reflection",
  tone: null,
  content: "It holds water.",
  paused: false,
  dreamId: null,
  createdAt: AT,
  updatedAt: AT,
  ...fields,
});

const session = (fields: Partial<Session>): Session => ({
  id: "session",
  title: "The sea",
  status: "active",
  offRecord: false,
  messageCount: 2,
  lastMessageAt: AT,
  createdAt: AT,
  ...fields,
});

const message = (fields: Partial<Message>): Message => ({
  id: crypto.randomUUID(),
  role: "user",
  content: "Hello",
  status: "complete",
  replyTo: null,
  model: null,
  dreams: [],
  receipts: [],
  variant: null,
  answering: false,
  createdAt: AT,
  ...fields,
});

/** Pages of one item each, so that every list has several. */
function inPages<Item>(items: readonly Item[]) {
  return async (cursor: string | null) => {
    const at = Number(cursor ?? 0);
    return { items: items.slice(at, at + 1), nextCursor: at + 1 < items.length ? String(at + 1) : null };
  };
}

const source = (lists: Partial<CopySource>): CopySource => ({
  dreams: inPages<Dream>([]),
  reflections: inPages<Reflection>([]),
  sessions: () => inPages<Session>([]),
  messages: () => inPages<Message>([]),
  patterns: inPages<never>([]),
  ...lists,
});

async function partsOf(lists: Partial<CopySource>): Promise<CopyPart[]> {
  const parts: CopyPart[] = [];
  for await (const part of readAccount(source(lists), { name: "Noa", at: AT })) parts.push(part);
  return parts;
}

describe("what a copy contains", () => {
  it("is every dream, reflection and conversation of every page, in order", async () => {
    const sessions = [session({ id: "new", createdAt: "2026-11-22T08:00:00Z" }), session({ id: "old", createdAt: AT })];
    const parts = await partsOf({
      dreams: inPages([dream({ id: "released", status: "released" }), dream({ id: "jar" })]),
      reflections: inPages([
        reflection({ id: "second", dreamId: "jar" }),
        reflection({ id: "first", content: "Clay." }),
      ]),
      sessions: (status) => inPages(status === "archived" ? sessions.slice(0, 1) : sessions.slice(1)),
      // The newest page comes first.
      messages: (id) => inPages([message({ content: `${id}: last` }), message({ content: `${id}: first` })]),
    });
    const told = parts.map((part) => {
      if (part.kind === "section") return part.section;
      if (part.kind === "dream") return part.dream.id;
      if (part.kind === "reflection") return `${part.reflection.id} (${part.about})`;
      if (part.kind === "conversation") return part.session.id;
      return part.kind === "message" ? part.message.content : part.kind;
    });
    expect(told).toEqual([
      "begin",
      ...["dreams", "jar", "released"],
      ...["reflections", "first (null)", "second (Throw a moon jar)"],
      ...["conversations", "old", "old: first", "old: last", "new", "new: first", "new: last"],
      ...["patterns", "end"],
    ]);
  });

  it("is not a conversation that was removed meanwhile", async () => {
    const parts = await partsOf({ sessions: () => inPages([session({})]), messages: () => async () => null });
    expect(parts.filter(({ kind }) => kind === "conversation" || kind === "message")).toEqual([]);
  });
});

describe("the page to read", () => {
  const write = createHtmlWriter(english, "UTC");
  const hostile = `<script>alert(1)</script> "quoted" & 'so' <img src=x onerror=alert(1)>`;

  it("shows whatever was written, and runs none of it", async () => {
    const html = [
      write({ kind: "begin", name: hostile, at: AT }),
      write({ kind: "dream", dream: dream({ title: hostile, description: hostile, category: hostile }) }),
      write({ kind: "reflection", reflection: reflection({ content: hostile, tone: hostile }), about: hostile }),
      write({ kind: "conversation", session: session({ title: hostile }) }),
      write({ kind: "message", message: message({ content: hostile }) }),
      write({ kind: "message", message: message({ role: "assistant", content: hostile }) }),
    ].join("");
    expect(html).not.toMatch(/<script|<img/i);
    expect(html.split("&lt;script&gt;alert(1)&lt;/script&gt;")).toHaveLength(12);
    expect(html).toContain("default-src 'none'");
  });

  it("gives each paragraph its own direction, and the language of its script", () => {
    expect(paragraphs("First.\nstill first\n\nצחקתי.")).toBe(
      '<p dir="auto" lang="en">First.\nstill first</p>\n<p dir="auto" lang="he">צחקתי.</p>',
    );
    expect(createHtmlWriter(createSpeech("he", he), "UTC")({ kind: "begin", name: "נועה", at: AT })).toContain(
      '<html lang="he" dir="rtl">',
    );
  });

  it.each([
    ["**Stay** with _that_.", '<p dir="auto"><strong>Stay</strong> with <em>that</em>.</p>'],
    ["1. one\n2. two", '<ol dir="auto"><li dir="auto">one</li><li dir="auto">two</li></ol>'],
    ["```\n<b>\n```", '<pre dir="ltr"><code>&lt;b&gt;</code></pre>'],
    ["[here](javascript:alert(1))", '<p dir="auto">here</p>'],
    [
      "![sea](https://example.com/a.png)",
      '<p dir="auto"><a href="https://example.com/a.png" rel="noopener noreferrer">sea</a></p>',
    ],
    ["# Large", '<h4 dir="auto">Large</h4>'],
  ])("shows the markdown %j of a reply", (markdown, html) => {
    expect(markdownToHtml(markdown)).toBe(html);
  });

  it("says what the person did with a message and when, and words where the model refused", () => {
    const own = write({ kind: "message", message: message({}) });
    expect(own).toContain('<p class="facts"><bdi>You</bdi> · <bdi>21 November 2026, 20:04</bdi></p>');
    const refused = write({ kind: "message", message: message({ role: "assistant", content: "", status: "refused" }) });
    expect(refused).toContain(escapeHtml(en.conversation.refusal));
  });
});

describe("the text", () => {
  const write = createMarkdownWriter(english, "UTC");
  /** The text of a Markdown document as any reader of Markdown shows it. */
  const shown = (markdown: string): string => textOf(unified().use(remarkParse).parse(markdown));
  const textOf = (node: Nodes): string => {
    if (node.type === "break") return "\n";
    return "children" in node ? node.children.map(textOf).join("") : "value" in node ? node.value : "";
  };

  it.each([
    "# not a heading",
    "- no list\n+ nor this\n1. nor this",
    "*stars* _lines_ `ticks` [brackets](https://example.com) <b>tags</b>",
    "underlined\n===",
    "ends\nwith a line\n---",
    "first\n    indented",
    "&amp; stays &amp;",
    "a | b\n--- | ---",
    "back\\slash",
  ])("shows a person's words %j as they are", (words) => {
    const markdown = write({ kind: "message", message: message({ content: words }) });
    expect(shown(markdown).replaceAll("\u00a0", " ")).toBe(`You, 21 November 2026, 20:04${words}`);
  });

  it("keeps a reply's own marks, below the headings of the document", () => {
    const content = "# What I hear\n\n**Stay** with <b>that</b>: `<i>`.\n\n```\n# code <b>\n```";
    expect(write({ kind: "message", message: message({ role: "assistant", content }) })).toBe(
      "**Clarify**, 21 November 2026, 20:04\n\n#### What I hear\n\n**Stay** with \\<b>that\\</b>: `<i>`.\n\n```\n# code <b>\n```\n\n",
    );
  });

  it("closes a block of code in which a reply was cut off", () => {
    const cut = message({ role: "assistant", content: "Look:\n\n```\nlet a", status: "interrupted" });
    expect(write({ kind: "message", message: cut })).toMatch(/You stopped this reply\n\nLook:\n\n```\nlet a\n```\n\n$/);
  });

  it("names a section in which there is nothing", () => {
    expect(write({ kind: "section", section: "patterns", isEmpty: true })).toBe(
      "## What Clarify noticed\n\nNothing yet.\n\n",
    );
  });
});
