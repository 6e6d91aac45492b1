import { describe, expect, it } from "vitest";
import type { KnownPattern, ObservedPattern } from "@/server/consolidation/merge-patterns";
import { mergePatterns } from "@/server/consolidation/merge-patterns";
import { similarity } from "@/server/consolidation/similarity";

describe("similarity", () => {
  it.each([
    ["They return to the sea", "they return, to the SEA!", 1],
    ["They return to the sea", "The sea they return to", 1],
    ["They return to the sea", "They return to the harbour", 0.8],
    ["They return to the sea", "Money worries", 0],
    ["היא חוזרת אל הים", "אל הים היא חוזרת", 1],
    ["海に戻りたい", "海に戻りたい。", 1],
    ["…", "…", 1],
    ["…", "!", 0],
    ["", "sea", 0],
  ])("of %j and %j is %d", (left, right, expected) => {
    expect(similarity(left, right)).toBeCloseTo(expected);
    expect(similarity(right, left)).toBeCloseTo(expected);
  });
});

const SEA: KnownPattern = { id: "sea", type: "recurring_theme", content: "They return to the sea" };
const LAND: KnownPattern = { id: "land", type: "tension", content: "Between the sea and the land" };

function seen(content: string, change: Partial<ObservedPattern> = {}): ObservedPattern {
  return { type: "recurring_theme", content, messages: [0], sameAs: null, ...change };
}

describe("mergePatterns", () => {
  it("strengthens a similar pattern of the same type, and keeps its words", () => {
    expect(mergePatterns([SEA, LAND], [seen("They return to the harbour")])).toEqual({
      seen: [{ id: "sea", by: 1, messages: [0] }],
      added: [],
    });
    expect(mergePatterns([SEA], [seen("They return to the sea", { type: "tension" })])).toEqual({
      seen: [],
      added: [{ type: "tension", content: "They return to the sea", strength: 1, messages: [0] }],
    });
  });

  it("accepts the observer's match with a pattern in other words", () => {
    expect(mergePatterns([SEA, LAND], [seen("Torn between two lives", { sameAs: 1 })]).seen).toEqual([
      { id: "land", by: 1, messages: [0] },
    ]);
  });

  it("adds new patterns, with their messages in order", () => {
    expect(mergePatterns([SEA], [seen("Money worries", { messages: [4, 2] })]).added).toEqual([
      { type: "recurring_theme", content: "Money worries", strength: 2, messages: [2, 4] },
    ]);
  });

  it("counts each message once, and at most three", () => {
    const observed = [seen("They return to the sea", { messages: [1, 1, 2] }), seen("The sea they return to")];
    expect(mergePatterns([SEA], observed).seen).toEqual([{ id: "sea", by: 3, messages: [0, 1, 2] }]);
    expect(mergePatterns([SEA], [seen("The sea they return to", { messages: [0, 1, 2, 3, 4] })]).seen[0]?.by).toBe(3);
  });

  it("adds one pattern for two new observations in similar words", () => {
    const observed = [
      seen("Money worries them", { messages: [0] }),
      seen("Money worries them much", { messages: [1] }),
    ];
    expect(mergePatterns([], observed).added).toEqual([
      { type: "recurring_theme", content: "Money worries them", strength: 2, messages: [0, 1] },
    ]);
  });

  it("chooses the most similar, and the first of equals", () => {
    const near: KnownPattern = { ...SEA, id: "near", content: "They return to the sea at night" };
    expect(mergePatterns([near, SEA], [seen("They return to the sea")]).seen[0]?.id).toBe("sea");
    expect(mergePatterns([{ ...SEA, id: "first" }, SEA], [seen("They return to the sea")]).seen[0]?.id).toBe("first");
  });
});
