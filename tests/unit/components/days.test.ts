import { describe, expect, it } from "vitest";
import { groupByDay } from "@/components/conversation/entries/entries";
import { dayOfMoment, nearDayOfMoment, relativeDayWords } from "@/components/ui/days";
import { english } from "../../support/english";

const at = (createdAt: string) => ({ createdAt });

describe("groupByDay", () => {
  it.each([
    ["a day behind", "2026-11-22T12:00:30Z"],
    ["a day ahead", "2026-11-24T12:00:30Z"],
  ])("gives each day one heading where the browser's clock is %s", (_which, browsers) => {
    const times = ["2026-11-23T11:00:00Z", browsers, "2026-11-23T12:00:31Z"];
    const days = groupByDay(
      times.map((createdAt) => ({ createdAt })),
      "UTC",
    );
    expect(new Set(days.map(({ day }) => day)).size).toBe(days.length);
    expect(days.flatMap(({ entries }) => entries.map(({ createdAt }) => createdAt))).toEqual(times);
  });

  it("splits where the calendar day changes in the reader's time zone", () => {
    const entries = [at("2026-11-22T21:30:00Z"), at("2026-11-22T22:30:00Z"), at("2026-11-23T08:00:00Z")];
    expect(groupByDay(entries, "Asia/Jerusalem").map(({ day, entries }) => [day, entries.length])).toEqual([
      ["2026-11-22", 1],
      ["2026-11-23", 2],
    ]);
    expect(groupByDay(entries, "UTC").map(({ day }) => day)).toEqual(["2026-11-22", "2026-11-23"]);
  });

  it("has no days without entries", () => {
    expect(groupByDay([], "UTC")).toEqual([]);
  });
});

describe("nearDayOfMoment", () => {
  it.each([
    ["2026-11-21T12:00:00Z", "21 November"],
    ["2025-11-21T12:00:00Z", "21 November 2025"],
    ["2026-12-31T22:30:00Z", "1 January 2027"],
  ])("says the year of %s only if it is another one: %s", (at, words) => {
    expect(nearDayOfMoment(at, new Date("2026-11-30T12:00:00Z"), english, "Asia/Jerusalem")).toBe(words);
  });
});

describe("relativeDayWords", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  it.each([
    ["2026-11-23", "Today"],
    ["2026-11-22", "Yesterday"],
    ["2026-11-20", "Friday 20 November"],
    ["2025-12-31", "31 December 2025"],
  ])("calls %s %s", (day, words) => {
    expect(relativeDayWords(day, now, english, "UTC")).toBe(words);
  });

  it("changes the day at the reader's midnight", () => {
    const lateInTheEvening = new Date("2026-11-23T23:30:00Z");
    expect(relativeDayWords("2026-11-24", lateInTheEvening, english, "Asia/Jerusalem")).toBe("Today");
  });
});

it("dayOfMoment takes the day from the reader's time zone", () => {
  expect(dayOfMoment("2026-11-22T22:30:00Z", english, "UTC")).toBe("22 November 2026");
  expect(dayOfMoment("2026-11-22T22:30:00Z", english, "Asia/Jerusalem")).toBe("23 November 2026");
});
