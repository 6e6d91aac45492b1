import { describe, expect, it } from "vitest";
import { countAxis, durationAxis, timeTicks } from "@/components/insights/axes";
import { countWords, dollarWords, millisecondWords, shareWords } from "@/components/insights/words";

const BOTTOM_PX = 100;

describe("the axis of a duration chart", () => {
  it.each([
    ["a fast build below its target", [2, 30], 100, [1, 10, 100, 1_000]],
    ["one that misses its target", [90, 4_000], 100, [10, 100, 1_000, 10_000]],
    ["a target that everything misses", [300, 4_000], 100, [10, 100, 1_000, 10_000]],
    ["what is too fast to tell", [0, 0.02], undefined, [0.1, 1]],
    ["nothing at all", [], undefined, [1, 10]],
  ])("holds %s", (_what, values, target, ticks) => {
    const axis = durationAxis(values, target);
    expect(axis.ticks).toHaveLength(ticks.length);
    for (const [index, tick] of ticks.entries()) expect(axis.ticks[index]).toBeCloseTo(tick);
    const y = axis.scale([BOTTOM_PX, 0]);
    expect(y(axis.ticks[0] ?? 0)).toBe(BOTTOM_PX);
    expect(y(axis.ticks.at(-1) ?? 0)).toBeCloseTo(0);
    for (const value of values) {
      expect(y(value)).toBeGreaterThanOrEqual(0);
      expect(y(value)).toBeLessThanOrEqual(BOTTOM_PX);
    }
  });

  it("names its ticks with their units", () => {
    const { ticks, words } = durationAxis([0.2, 4_000], undefined);
    expect(ticks.map(words).join(", ").replaceAll("\u00a0", " ")).toBe("0.1 ms, 1 ms, 10 ms, 100 ms, 1 s, 10 s");
  });
});

describe("the axis of counts", () => {
  it.each([
    ["nothing", [], ["0", "1"]],
    ["single ones", [0, 1, 3], ["0", "1", "2", "3"]],
    ["many", [0, 45_000], ["0", "10K", "20K", "30K", "40K", "50K"]],
  ])("has whole numbers, from zero, for %s", (_what, values, expected) => {
    const { ticks, words, scale } = countAxis(values);
    expect(ticks.map(words)).toEqual(expected);
    for (const value of values) expect(scale([BOTTOM_PX, 0])(value)).toBeGreaterThanOrEqual(0);
  });
});

describe("the times below a plot", () => {
  it.each([
    ["all of them", 500, [1_000, 2_000, 3_000, 4_000, 5_000]],
    ["every other one where it is narrow", 200, [1_000, 3_000, 5_000]],
    ["the first and the last where there is hardly any room", 100, [1_000, 5_000]],
  ])("are %s", (_which, widthPx, expected) => {
    expect(timeTicks(1_000, 5_000, widthPx)).toEqual(expected);
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
