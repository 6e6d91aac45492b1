import { describe, expect, it } from "vitest";
import { ageWords } from "@/components/inspector/age-words";
import { durationWords, memoryWords } from "@/components/inspector/source-words";
import { english } from "@/tests/support/english";

describe("ageWords", () => {
  it.each([
    [0, "now"],
    [999, "now"],
    [1_000, "1 s ago"],
    [59_999, "59 s ago"],
    [60_000, "1 min ago"],
    [59 * 60_000, "59 min ago"],
    [2.5 * 60 * 60_000, "2 h ago"],
  ])("says of %i ms: %s", (ageMs, words) => {
    expect(ageWords(ageMs, english)).toBe(words);
  });
});

describe("durationWords", () => {
  it.each([
    [0.4, "under 1 ms"],
    [5.6, "6 ms"],
    [999, "999 ms"],
    [1_540, "1.5 s"],
  ])("says of %d ms: %s", (ms, words) => {
    expect(durationWords(ms, english)).toBe(words);
  });
});

describe("memoryWords", () => {
  it("counts sections without a database read: also an older copy, but not another reader's load", () => {
    const sources = ["fresh", "aging", "fallback", "joined", "missing"] as const;
    expect(
      memoryWords(
        sources.map((source) => ({ source })),
        english,
      ),
    ).toBe("3 of 5 from memory");
  });
});
