import { describe, expect, it } from "vitest";
import { logScale, onLogScale } from "@/components/insights/axes";
import { countWords, dollarWords, millisecondWords, shareWords } from "@/components/insights/words";

describe("the scale of a duration chart", () => {
  it.each([
    ["a fast build below its target", [2, 30], 100, { domain: [1, 1_000], ticks: [1, 10, 100, 1_000] }],
    ["one that misses its target", [90, 4_000], 100, { domain: [10, 10_000], ticks: [10, 100, 1_000, 10_000] }],
    ["a target that everything misses", [300, 4_000], 100, { domain: [10, 10_000], ticks: [10, 100, 1_000, 10_000] }],
    ["what is too fast to tell", [0, 0.02], undefined, { domain: [0.1, 1], ticks: [0.1, 1] }],
    ["nothing at all", [], undefined, { domain: [1, 10], ticks: [1, 10] }],
  ])("holds %s", (_what, values, target, expected) => {
    const scale = logScale(values, target);
    expect(scale.domain).toEqual(expected.domain);
    expect(scale.ticks).toHaveLength(expected.ticks.length);
    for (const [index, tick] of scale.ticks.entries()) expect(tick).toBeCloseTo(expected.ticks[index] ?? 0);
    for (const value of values.map(onLogScale)) {
      expect(value).toBeGreaterThanOrEqual(scale.domain[0]);
      expect(value).toBeLessThanOrEqual(scale.domain[1]);
    }
  });
});

describe("figures in words", () => {
  it.each([
    [millisecondWords(0.418), "0.42 ms"],
    [millisecondWords(3.14), "3.1 ms"],
    [millisecondWords(117.6), "118 ms"],
    [millisecondWords(2_430), "2.4 s"],
    [shareWords(1), "100 %"],
    [shareWords(0.9746), "97.5 %"],
    [countWords(0.25), "0.3"],
    [countWords(19_897.4), "19,897"],
    [dollarWords(0), "$0"],
    [dollarWords(0.0398), "$0.040"],
    [dollarWords(2.884), "$2.88"],
  ])("%s", (words, expected) => {
    expect(words).toBe(expected.replaceAll(" ", "\u00a0"));
  });
});
