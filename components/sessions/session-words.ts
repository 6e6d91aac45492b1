import type { Speech } from "@/components/words/speech";
import { fold, searchWords } from "@/server/sessions/fold";
import type { Session } from "@/server/sessions/router";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** When something last happened, short enough for a list: "just now", "25 min", "3 h", "Tue", "4 Nov", "4 Nov 2025". */
export function activityWords(at: string, now: Date, speech: Speech, timeZone?: string): string {
  const { locale, words, fill } = speech;
  const then = new Date(at);
  const age = now.getTime() - then.getTime();
  if (age < MINUTE) return words.common.justNow;
  if (age < 60 * MINUTE) return fill(words.common.minutes, { count: Math.floor(age / MINUTE) });
  if (age < DAY) return fill(words.common.hours, { count: Math.floor(age / (60 * MINUTE)) });
  const zone = timeZone !== undefined && { timeZone };
  if (age < 6 * DAY) return new Intl.DateTimeFormat(locale, { weekday: "short", ...zone }).format(then);
  const year = new Intl.DateTimeFormat(locale, { year: "numeric", ...zone });
  const sameYear = year.format(then) === year.format(now);
  return new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    ...(!sameYear && { year: "numeric" }),
    ...zone,
  }).format(then);
}

/** The sessions whose title, or its replacement, contains every word of the search. */
export function searchSessions(sessions: readonly Session[], search: string, untitled: string): Session[] {
  const wanted = searchWords(search);
  return sessions.filter(({ title }) => {
    const name = fold(title ?? untitled);
    return wanted.every((word) => name.includes(word));
  });
}
