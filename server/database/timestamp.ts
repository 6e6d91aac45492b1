// Hosted Supabase: 2026-11-23T08:45:27.908123+00:00. The embedded server: 2026-11-23 08:45:27.908+00.
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:Z|([+-]\d{2})(?::?(\d{2}))?)$/i;

/**
 * Converts the timestamps of both servers to one form: ISO 8601 in UTC with milliseconds, as `Date` writes it.
 * @throws {RangeError} for text that is not a timestamp with a time zone.
 */
export function toIsoTimestamp(value: string): string {
  const [, date, time, fraction = "", hours = "+00", minutes = "00"] = TIMESTAMP.exec(value) ?? [];
  const instant = new Date(`${date}T${time}.${fraction.padEnd(3, "0").slice(0, 3)}${hours}:${minutes}`);
  if (Number.isNaN(instant.getTime())) throw new RangeError(`Not a timestamp with a time zone: ${value.slice(0, 40)}`);
  return instant.toISOString();
}
