import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it, vi } from "vitest";
import { estimateTokens, rememberCounts } from "@/server/context/tokens";
import { SAMPLE_TEXTS } from "@/tests/support/texts";

describe("estimateTokens", () => {
  it.each(SAMPLE_TEXTS)("is at most 5 % too low and 25 % too high for $name", ({ text }) => {
    const error = estimateTokens(text) / countTokens(text) - 1;
    expect(error).toBeGreaterThanOrEqual(-0.05);
    expect(error).toBeLessThanOrEqual(0.25);
  });

  it("is 0 for an empty text", () => {
    expect([estimateTokens(""), estimateTokens(" \n")]).toEqual([0, 0]);
  });
});

describe("rememberCounts", () => {
  it("counts a text once, and again after as much else as fits into the memory", () => {
    const count = vi.fn((text: string) => text.length);
    const remembering = rememberCounts(count, 1_000);
    expect([remembering("one"), remembering("one")]).toEqual([3, 3]);
    expect(count).toHaveBeenCalledTimes(1);
    for (let n = 0; n < 10; n += 1) remembering(`another ${n}`);
    remembering("one");
    expect(count.mock.calls.filter(([text]) => text === "one")).toHaveLength(2);
  });

  it("does not keep a text that is larger than the memory", () => {
    const count = vi.fn((text: string) => text.length);
    const remembering = rememberCounts(count, 1_000);
    const huge = "x".repeat(10_000);
    expect([remembering(huge), remembering(huge)]).toEqual([10_000, 10_000]);
    expect(count).toHaveBeenCalledTimes(2);
  });
});
