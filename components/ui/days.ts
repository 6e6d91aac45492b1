import type { Speech } from "@/components/words/speech";

/** The calendar day of a moment, as in `2026-11-23`, in the reader's time zone. */
export function calendarDay(at: Date, timeZone?: string): string {
  return isoDates(timeZone).format(at);
}

/** A calendar day in words, as in `31 May 2027`. */
export function dayWords(day: string, speech: Speech): string {
  return formatDay(day, speech, { day: "numeric", month: "long", year: "numeric" });
}

/** The calendar day of a moment in words, as in `31 May 2027`, in the reader's time zone. */
export function dayOfMoment(at: string, speech: Speech, timeZone?: string): string {
  return dayWords(calendarDay(new Date(at), timeZone), speech);
}

/** The calendar day of a moment in words, as in `31 May`, with its year if that is not the year of `now`. */
export function nearDayOfMoment(at: string, now: Date, speech: Speech, timeZone?: string): string {
  const day = calendarDay(new Date(at), timeZone);
  if (day.slice(0, 4) !== calendarDay(now, timeZone).slice(0, 4)) return dayWords(day, speech);
  return formatDay(day, speech, { day: "numeric", month: "long" });
}

/** A calendar day in words, relative to `now`: `Today`, `Yesterday`, `Friday 20 November`, or `31 December 2025`. */
export function relativeDayWords(day: string, now: Date, speech: Speech, timeZone?: string): string {
  const today = calendarDay(now, timeZone);
  if (day === today) return speech.words.common.today;
  if (day === calendarDay(new Date(now.getTime() - 24 * 60 * 60_000), timeZone)) return speech.words.common.yesterday;
  if (day.slice(0, 4) !== today.slice(0, 4)) return dayWords(day, speech);
  return formatDay(day, speech, { weekday: "long", day: "numeric", month: "long" });
}

function formatDay(day: string, { locale }: Speech, format: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...format, timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

const formatters = new Map<string | undefined, Intl.DateTimeFormat>();

/**
 * Formatters are kept because creating one costs as much as a hundred uses, and a growing reply needs them many times a
 * second.
 */
function isoDates(timeZone: string | undefined): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  // The Swedish form of a date is the ISO form.
  const format = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", ...(timeZone !== undefined && { timeZone }) });
  formatters.set(timeZone, format);
  return format;
}
