import { describe, expect, it } from "vitest";
import type { Reminder } from "@/components/reminder/calendar-file";
import { calendarFile } from "@/components/reminder/calendar-file";

const REMINDER: Reminder = {
  weekday: "SU",
  time: "20:00",
  title: "A quiet moment",
  text: "If it fits.",
  url: "https://clarify.example/clarify",
  timeZone: "Asia/Jerusalem",
};
/** A Monday, in this machine's zone. */
const MONDAY = new Date(2026, 10, 30, 12);

const linesOf = (file: string) => file.replaceAll("\r\n ", "").split("\r\n");
const made = (fields: Partial<Reminder>, now = MONDAY) => calendarFile({ ...REMINDER, ...fields }, now);

it("is a weekly event of a quarter of an hour that blocks nothing, with an alarm", () => {
  const lines = linesOf(made({}));
  expect(lines).toEqual([
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Clarify//Reminder//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"],
    "X-WR-TIMEZONE:Asia/Jerusalem",
    ...["BEGIN:VEVENT", "UID:weekly-reminder@clarify.example", expect.stringMatching(/^SEQUENCE:\d{8}$/)],
    expect.stringMatching(/^DTSTAMP:202611(29|30)T\d{6}Z$|^DTSTAMP:20261201T\d{6}Z$/),
    ...["DTSTART:20261206T200000", "DURATION:PT15M", "RRULE:FREQ=WEEKLY;BYDAY=SU"],
    ...[
      "SUMMARY:A quiet moment",
      "DESCRIPTION:If it fits.",
      "URL:https://clarify.example/clarify",
      "TRANSP:TRANSPARENT",
    ],
    ...["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:A quiet moment", "TRIGGER:PT0M", "END:VALARM"],
    ...["END:VEVENT", "END:VCALENDAR", ""],
  ]);
});

describe("begins", () => {
  it.each([
    ["today, if the time is still ahead", { weekday: "MO", time: "12:01" }, "20261130T120100"],
    ["in a week, if the time has passed", { weekday: "MO", time: "12:00" }, "20261207T120000"],
    ["on the next such day", { weekday: "SA", time: "08:30" }, "20261205T083000"],
  ] as const)("%s", (_when, fields, start) => {
    expect(linesOf(made(fields))).toContain(`DTSTART:${start}`);
  });
});

it("escapes what would end a value", () => {
  const lines = linesOf(made({ title: "One; two, three \\ four", text: "First\nSecond\r\nThird" }));
  expect(lines).toContain("SUMMARY:One\\; two\\, three \\\\ four");
  expect(lines).toContain("DESCRIPTION:First\\nSecond\\nThird");
});

it("folds lines at 75 octets, and never inside a character", () => {
  const title = "רגע שקט 🌅 ".repeat(20).trim();
  const file = made({ title });
  for (const line of file.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  expect(file).not.toContain("\ufffd");
  expect(linesOf(file)).toContain(`SUMMARY:${title}`);
});

it("replaces an earlier one of the same site", () => {
  const sequenceOf = (file: string) => Number(/SEQUENCE:(\d+)/.exec(file)?.[1]);
  const later = made({}, new Date(MONDAY.getTime() + 60_000));
  expect(sequenceOf(later)).toBe(sequenceOf(made({})) + 1);
});
