import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownBlocks } from "@/components/conversation/view/markdown-blocks";

describe("markdownBlocks", () => {
  it.each([
    ["paragraphs", "one\ntwo\n\nthree", ["one\ntwo", "three"]],
    ["several blank lines", "one\n\n\n\ntwo\n\n", ["one", "two"]],
    ["a code fence with blank lines", "a\n\n```ts\nx\n\ny\n```\n\nb", ["a", "```ts\nx\n\ny\n```", "b"]],
    ["a fence that is still open", "a\n\n```\nx\n\ny", ["a", "```\nx\n\ny"]],
    ["a fence inside a longer fence", "````\n```\n\n````\n\nb", ["````\n```\n\n````", "b"]],
    [
      "a list with blank lines",
      "1. one\n\n2. two\n\n   still two\n\nafter",
      ["1. one\n\n2. two\n\n   still two", "after"],
    ],
    ["nothing", "", []],
  ])("splits %s", (_name, markdown, blocks) => {
    expect(markdownBlocks(markdown)).toEqual(blocks);
  });

  it("always keeps every word, in order", () => {
    const lines = fc.array(fc.constantFrom("", "text", "- item", "  indented", "```", "~~~~", "1. one", "# head"));
    fc.assert(
      fc.property(lines, (source) => {
        const words = (text: string) => text.split(/\s+/).filter(Boolean);
        const markdown = source.join("\n");
        expect(markdownBlocks(markdown).flatMap(words)).toEqual(words(markdown));
      }),
    );
  });

  it("always leaves finished blocks alone when text is added", () => {
    const lines = fc.array(fc.constantFrom("", "text", "- item", "  indented", "```", "1. one"), { minLength: 1 });
    fc.assert(
      fc.property(lines, lines, (before, added) => {
        const earlier = markdownBlocks(before.join("\n"));
        const later = markdownBlocks([...before, ...added].join("\n"));
        expect(later.slice(0, Math.max(0, earlier.length - 1))).toEqual(earlier.slice(0, -1));
      }),
    );
  });
});
