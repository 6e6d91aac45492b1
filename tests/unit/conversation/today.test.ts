import { expect, it } from "vitest";
import { todayWords } from "@/server/conversation/today";

const at = (iso: string) => Date.parse(iso);

it("is the day in the person's time zone, not the server's", () => {
  const now = at("2026-11-25T23:30:00Z");
  const words = (timeZone: string) => todayWords({ now, timeZone, lastWrittenAt: undefined });
  expect(words("UTC")).toBe("<today>It is Wednesday 25 November 2026.</today>");
  expect(words("Asia/Jerusalem")).toBe("<today>It is Thursday 26 November 2026.</today>");
  expect(words("America/Los_Angeles")).toBe("<today>It is Wednesday 25 November 2026.</today>");
});

it("is the same all day long", () => {
  const words = (now: string) =>
    todayWords({ now: at(now), timeZone: "Asia/Jerusalem", lastWrittenAt: "2026-11-24T22:30:00Z" });
  expect(words("2026-11-25T21:59:59Z")).toBe(words("2026-11-24T22:30:01Z"));
  expect(words("2026-11-25T22:00:00Z")).not.toBe(words("2026-11-25T21:59:59Z"));
});

it.each([
  ["2026-11-25T08:00:00Z", ""],
  ["2026-11-25T12:00:00.001Z", ""],
  ["2026-11-24T21:59:00Z", " The message before this one was written yesterday."],
  ["2026-11-04T12:00:00Z", " The message before this one was written 21 days ago."],
  ["2025-11-25T12:00:00Z", " The message before this one was written 365 days ago."],
])("says how long ago the conversation stopped, by its calendar: %s", (lastWrittenAt, words) => {
  const now = at("2026-11-25T12:00:00Z");
  expect(todayWords({ now, timeZone: "Asia/Jerusalem", lastWrittenAt })).toBe(
    `<today>It is Wednesday 25 November 2026.${words}</today>`,
  );
});

it("counts days through a change of the clocks", () => {
  const now = at("2026-10-25T22:30:00Z");
  const words = todayWords({ now, timeZone: "Europe/Berlin", lastWrittenAt: "2026-10-23T22:30:00Z" });
  expect(words).toContain("written yesterday");
});
