import { expect, it } from "vitest";
import { isEmpty, pastMonth } from "@/components/look-back/month";

it.each([
  [
    "in the middle of a month",
    new Date(2026, 10, 30, 23, 59),
    ["2026-10", new Date(2026, 9, 1), new Date(2026, 10, 1)],
  ],
  ["at the first moment of a month", new Date(2026, 10, 1), ["2026-10", new Date(2026, 9, 1), new Date(2026, 10, 1)]],
  ["in January", new Date(2027, 0, 15), ["2026-12", new Date(2026, 11, 1), new Date(2027, 0, 1)]],
] as const)("the past month is a calendar month of the reader's zone %s", (_when, now, [key, from, until]) => {
  expect(pastMonth(now)).toEqual({ key, from: from.toISOString(), until: until.toISOString() });
});

it("there is nothing to look back on if there are only tones", () => {
  const tones = { before: ["torn"], now: ["calm"] };
  expect(isEmpty({ cameBack: [], dreams: [], quiet: [], tones })).toBe(true);
  const quiet = [{ id: "sail", title: "Sail", since: "2026-08-01T00:00:00.000Z" }];
  expect(isEmpty({ cameBack: [], dreams: [], quiet, tones })).toBe(false);
});
