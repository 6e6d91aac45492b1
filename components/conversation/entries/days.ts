/** A run of entries written on one calendar day. */
export interface Day<T> {
  /** As in `2026-11-23`, in the reader's time zone. */
  day: string;
  entries: T[];
}

/**
 * Splits entries, oldest first, where the calendar day changes. Stored entries carry the server's time and those under way the
 * browser's, whose clock may be wrong: an entry never counts to an earlier day than the one before it.
 */
export function groupByDay<T extends { createdAt: string }>(entries: readonly T[], timeZone?: string): Day<T>[] {
  const calendar = calendarDay(timeZone);
  const days: Day<T>[] = [];
  for (const entry of entries) {
    const day = calendar(new Date(entry.createdAt));
    const current = days.at(-1);
    if (current !== undefined && day <= current.day) current.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

/** What to call a day when today is `now`. */
export function dayWords(day: string, now: Date, timeZone?: string): string {
  const calendar = calendarDay(timeZone);
  if (day === calendar(now)) return "Today";
  if (day === calendar(new Date(now.getTime() - 24 * 60 * 60_000))) return "Yesterday";
  const sameYear = day.slice(0, 4) === calendar(now).slice(0, 4);
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "long",
    ...(sameYear ? { weekday: "long" } : { year: "numeric" }),
    timeZone: "UTC",
  }).format(new Date(`${day}T00:00:00Z`));
}

const calendars = new Map<string | undefined, (date: Date) => string>();

/** Building a formatter costs as much as a hundred uses of it, and a growing reply asks many times a second. */
function calendarDay(timeZone: string | undefined): (date: Date) => string {
  const known = calendars.get(timeZone);
  if (known !== undefined) return known;
  // The Swedish form of a date is the ISO one.
  const format = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", ...(timeZone !== undefined && { timeZone }) });
  const calendar = (date: Date) => format.format(date);
  calendars.set(timeZone, calendar);
  return calendar;
}
