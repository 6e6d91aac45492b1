import { expect, test } from "vitest";
import { toIsoTimestamp } from "@/server/database/timestamp";

test.each([
  ["hosted Supabase, microseconds", "2026-11-23T08:45:27.908123+00:00", "2026-11-23T08:45:27.908Z"],
  ["hosted Supabase, no fraction", "2026-11-23T08:45:27+00:00", "2026-11-23T08:45:27.000Z"],
  ["hosted Supabase, trailing zeros left out", "2026-11-23T08:45:27.9+00:00", "2026-11-23T08:45:27.900Z"],
  ["embedded server", "2026-11-23 08:45:27.908+00", "2026-11-23T08:45:27.908Z"],
  ["embedded server, microseconds", "2026-11-23 08:45:27.000001+00", "2026-11-23T08:45:27.000Z"],
  ["embedded server, no fraction", "2026-11-23 08:45:27+00", "2026-11-23T08:45:27.000Z"],
  ["another time zone", "2026-11-23 10:45:27.5+02", "2026-11-23T08:45:27.500Z"],
  ["a time zone of half hours", "2026-11-23T14:15:27+05:30", "2026-11-23T08:45:27.000Z"],
  ["a time zone west of Greenwich, over midnight", "2026-11-22 23:45:27-09", "2026-11-23T08:45:27.000Z"],
  ["Zulu", "2026-11-23T08:45:27.908Z", "2026-11-23T08:45:27.908Z"],
])("%s", (_name, given, expected) => {
  expect(toIsoTimestamp(given)).toBe(expected);
});

test.each([
  ["nothing", ""],
  ["a date alone", "2026-11-23"],
  ["no time zone", "2026-11-23T08:45:27"],
  ["a month that does not exist", "2026-13-23T08:45:27Z"],
  ["something before it", "on 2026-11-23T08:45:27Z"],
  ["infinity", "infinity"],
])("%s is refused", (_name, given) => {
  expect(() => toIsoTimestamp(given)).toThrow(RangeError);
});
