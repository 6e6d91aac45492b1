import { describe, expect, it } from "vitest";
import { excerpt } from "@/server/sessions/excerpt";
import { fold, searchWords } from "@/server/sessions/fold";

/** An excerpt with the found words in square brackets. */
const shown = (content: string, search: string) =>
  excerpt(content, searchWords(search))
    .map(({ text, found }) => (found ? `[${text}]` : text))
    .join("");

describe("fold", () => {
  it.each([
    ["Straße", "straße"],
    ["ÉTÉ", "ete"],
    ["e\u0301te\u0301", "été"],
    ["שָׁלוֹם", "שלום"],
    ["سَلَامٌ", "سلام"],
    ["ｶﾞｷﾞ", "ガギ"],
    ["ＡＢＣ", "abc"],
    ["ΟΔΟΣ", "οδος"],
    ["İstanbul", "istanbul"],
    ["Ёлка", "елка"],
  ])("takes %s and %s for the same", (one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  it.each([
    ["か", "が"],
    ["ハ", "パ"],
    ["ש", "ס"],
    ["ı", "i"],
  ])("tells %s from %s", (one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  it("folds a text as its characters", () => {
    const text = "İ Σ ΟΔΟΣ שָׁלוֹם ｶﾞ ﷺ 각 👩‍👩‍👧 ﬁ";
    expect([...text].map(fold).join("")).toBe(fold(text));
  });
});

describe("excerpt", () => {
  it("marks each word wherever it is found", () => {
    expect(shown("The sea, and again the SEA; a bird.", "sea bird")).toBe("The [sea], and again the [SEA]; a [bird].");
  });

  it("begins shortly before the found word, at a word, and marks what is left out", () => {
    const content = `${"Long before it. ".repeat(20)}Then the sea came. ${"And after it. ".repeat(20)}`;
    const text = shown(content, "sea");
    expect(text).toMatch(/^…before it\. Long before it\. Then the \[sea\] came\. .*…$/);
    expect([...text].length).toBeLessThan(170);
  });

  it("is the beginning of a text without any of the words", () => {
    expect(shown("Only  this.\nNo more.", "sea")).toBe("Only this. No more.");
  });

  it("finds inside a Japanese sentence, which has no spaces", () => {
    const content = `${"静かな朝だった。".repeat(10)}海のことをずっと考えている。`;
    expect(shown(content, "海のこと")).toMatch(/^…[^…]{40}\[海のこと\]をずっと考えている。$/);
  });

  it("keeps points and accents with their letters", () => {
    expect(shown("אמרתי שָׁלוֹם לכולם", "שלום")).toBe("אמרתי [שָׁלוֹם] לכולם");
    expect(shown("un cafe\u0301 noir", "cafe")).toBe("un [cafe\u0301] noir");
  });

  it("never cuts a character in two", () => {
    const text = shown(`${"🌊".repeat(300)}sea${"🌊".repeat(300)}`, "sea");
    expect(text.isWellFormed()).toBe(true);
    expect(text).toContain("[sea]");
  });
});
