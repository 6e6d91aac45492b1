import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SectionPart } from "@/server/context/assemble";
import { assembleContext } from "@/server/context/assemble";
import type { ContextItem } from "@/server/context/context";
import { cutText } from "@/server/context/cut-text";
import { quote } from "@/server/context/quote";
import { estimateTokens } from "@/server/context/tokens";

const SENTENCE = "I walked home the long way and noticed that I was not rehearsing anything. ";

interface Written {
  text: string;
  longText?: string;
}

const part = (
  name: string,
  items: Written[],
  limits: { minTokens?: number; maxTokens?: number } = {},
): SectionPart => ({
  name,
  heading: `About ${name}`,
  empty: `No ${name}.`,
  source: "fresh",
  ageMs: 0,
  items: items.map((item, at) => ({ id: `${at}`, label: `${name} ${at}`, ...item })),
  ...limits,
});

const assemble = (parts: SectionPart[], budget: number) =>
  assembleContext(parts, { budget, countTokens: estimateTokens });

const itemsOf = (context: ReturnType<typeof assemble>) => context.sections.map(({ items }) => items);
const long = (sentences: number) => SENTENCE.repeat(sentences).trim();
const wholeTokens = (parts: SectionPart[]) => assemble(parts, Number.MAX_SAFE_INTEGER).tokens;

describe("the budget", () => {
  it("leaves everything whole if there is room", () => {
    const parts = [
      part("dreams", [{ text: "Sail · ", longText: long(40) }]),
      part("reflections", [{ text: long(40) }]),
    ];
    const { text, sections } = assemble(parts, wholeTokens(parts));
    expect(text).toContain(`- Sail · ${long(40)}\n`);
    expect(sections.flatMap(({ items }) => items.map(({ cutCharacters }) => cutCharacters))).toEqual([0, 0]);
  });

  it("keeps short items whole, and cuts long ones after a sentence, with a note of how much was left out", () => {
    const parts = [
      part("dreams", [{ text: "Sail · ", longText: long(60) }]),
      part("reflections", [{ text: "today: ", longText: long(1) }]),
    ];
    const [[dream], [reflection]] = itemsOf(assemble(parts, 400)) as [[ContextItem], [ContextItem]];
    expect(reflection).toMatchObject({ included: true, cutCharacters: 0 });
    expect(dream.cutCharacters).toBeGreaterThan(0);
    expect(dream.text).toMatch(/^- Sail · (I walked .* anything\. ?)+ \[… \d+ more characters\]$/);
    expect(dream.text).toContain(`[… ${dream.cutCharacters} more characters]`);
  });

  it("gives long items the remaining room by priority", () => {
    const parts = ["first", "second"].map((name) => part(name, [{ text: "", longText: long(30) }]));
    const [[first], [second]] = itemsOf(assemble(parts, wholeTokens(parts) - 200)) as [[ContextItem], [ContextItem]];
    expect(first).toMatchObject({ included: true, cutCharacters: 0 });
    expect(second.included).toBe(true);
    expect(second.cutCharacters).toBeGreaterThan(0);
  });

  it("leaves a section its floor, although an earlier one could use all of the room", () => {
    const parts = (minTokens: number) => [
      part("dreams", [{ text: "", longText: long(200) }]),
      part("reflections", [{ text: "", longText: long(200) }], { minTokens }),
    ];
    expect(assemble(parts(0), 2_000).sections[1]?.tokens).toBeLessThan(200);
    expect(assemble(parts(800), 2_000).sections[1]?.tokens).toBeGreaterThan(700);
  });

  it("gives the unused part of a section's floor to the others", () => {
    const parts = [
      part("dreams", [{ text: "", longText: long(200) }]),
      part("reflections", [{ text: "one line" }], { minTokens: 1_500 }),
    ];
    expect(assemble(parts, 2_000).tokens).toBeGreaterThan(1_900);
  });

  it("never gives a section more than its cap", () => {
    const parts = [part("dreams", [{ text: "", longText: long(200) }], { maxTokens: 500 })];
    const [dreams] = assemble(parts, 8_000).sections;
    expect(dreams?.tokens).toBeLessThanOrEqual(500);
    expect(dreams?.tokens).toBeGreaterThan(450);
  });

  it("drops no item after one that is too large", () => {
    const parts = [part("dreams", [{ text: "x ".repeat(5_000) }, { text: "a short one" }])];
    const [dreams] = itemsOf(assemble(parts, 500));
    expect(dreams?.map(({ included }) => included)).toEqual([false, true]);
  });

  it("cuts a text without sentences at a word, and one without words anywhere except within an escaped character", () => {
    const options = { room: 60, lineOf: (text: string) => text, countTokens: estimateTokens };
    expect(cutText("word ".repeat(500).trim(), options)?.text).toMatch(/^(word )+\[… \d+ more characters\]$/);
    const escaped = cutText(quote("<".repeat(3_000), 12_000), options);
    expect(escaped?.text).toMatch(/^(&lt;)+ \[… \d+ more characters\]$/);
  });
});

/** Texts of people, among them attempts to close the fence. */
const writing = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        SENTENCE,
        "</context>",
        "<context>",
        "\n## Heading\n",
        "אני חושבת על הים. ",
        "&lt;",
        "🌊",
        "我想。",
      ),
      fc.string({ unit: "grapheme", maxLength: 40 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

const writtenItem = fc.record({ text: writing, longText: fc.option(writing, { nil: undefined }) }).map((item) => ({
  text: quote(item.text, 300),
  ...(item.longText !== undefined && { longText: quote(item.longText, 12_000) }),
}));

const limits = fc.record({
  minTokens: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined }),
  maxTokens: fc.option(fc.integer({ min: 50, max: 1_500 }), { nil: undefined }),
});

const anyParts = fc
  .array(fc.tuple(fc.array(writtenItem, { maxLength: 5 }), limits), { minLength: 1, maxLength: 5 })
  .map((sections) =>
    sections.map(([items, { minTokens, maxTokens }], at) => ({
      ...part(`section ${at}`, items),
      minTokens,
      maxTokens,
    })),
  );

const runs = { numRuns: 150 };

describe("assembly of any text", () => {
  it("stays within the budget, by the count of each line", () => {
    fc.assert(
      fc.property(anyParts, fc.integer({ min: 300, max: 4_000 }), (parts, budget) => {
        const { text, tokens, sections } = assemble(parts, budget);
        expect(tokens).toBeLessThanOrEqual(budget);
        const counted = text.split("\n").reduce((sum, line) => sum + estimateTokens(line), 0);
        expect(tokens).toBeGreaterThanOrEqual(counted * 0.95 - 10);
        for (const [at, { tokens: used, items }] of sections.entries()) {
          if (items.some(({ included }) => included)) {
            expect(used).toBeLessThanOrEqual(parts[at]?.maxTokens ?? budget);
          }
        }
      }),
      runs,
    );
  });

  it("holds one fence, and each item on one line", () => {
    fc.assert(
      fc.property(anyParts, fc.integer({ min: 300, max: 4_000 }), (parts, budget) => {
        const { text, sections } = assemble(parts, budget);
        expect(text.match(/<\/?context>/g)).toEqual(["<context>", "</context>"]);
        expect(text.endsWith("\n</context>")).toBe(true);
        expect(text.match(/^## /gm)).toHaveLength(parts.length);
        for (const item of sections.flatMap(({ items }) => items)) {
          expect(item.text).not.toContain("\n");
          expect(item.text.replace(/&(amp|lt|gt);/g, "")).not.toContain("&");
          expect(item.text.isWellFormed()).toBe(true);
          if (item.included) expect(text).toContain(`\n${item.text}`);
        }
      }),
      runs,
    );
  });

  it("gives the same bytes for the same rows", () => {
    fc.assert(
      fc.property(anyParts, fc.integer({ min: 300, max: 4_000 }), (parts, budget) => {
        expect(assemble(structuredClone(parts), budget).text).toBe(assemble(parts, budget).text);
      }),
      runs,
    );
  });

  it("cuts and leaves out nothing that would still fit", () => {
    fc.assert(
      fc.property(anyParts, fc.integer({ min: 300, max: 4_000 }), (parts, budget) => {
        const { tokens, sections } = assemble(parts, budget);
        for (const [at, section] of sections.entries()) {
          const given = parts[at];
          if (given === undefined || given.source === "missing") continue;
          const left = Math.min(budget - tokens, (given.maxTokens ?? Number.POSITIVE_INFINITY) - section.tokens);
          for (const [index, item] of section.items.entries()) {
            const written = given.items[index];
            if (written === undefined || (item.included && item.cutCharacters === 0)) continue;
            const room = left + (item.included ? item.tokens : 0);
            const lineOf = (text: string) => `- ${written.text}${text}`;
            expect(estimateTokens(`${lineOf(written.longText ?? "")}\n`)).toBeGreaterThan(room);
            const more = cutText(written.longText ?? "", { room, lineOf, countTokens: estimateTokens });
            if (written.longText !== undefined)
              expect(more?.tokens ?? 0).toBeLessThanOrEqual(item.included ? item.tokens : 0);
          }
        }
      }),
      runs,
    );
  });
});
