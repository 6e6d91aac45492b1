import { fold, searchWords } from "@/server/sessions/fold";
import type { Session } from "@/server/sessions/router";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** When something last happened, short enough for a list: "just now", "25 min", "3 h", "Tue", "4 Nov", "4 Nov 2025". */
export function activityWords(at: string, now: Date, timeZone?: string): string {
  const then = new Date(at);
  const age = now.getTime() - then.getTime();
  if (age < MINUTE) return "just now";
  if (age < 60 * MINUTE) return `${Math.floor(age / MINUTE)} min`;
  if (age < DAY) return `${Math.floor(age / (60 * MINUTE))} h`;
  const zone = timeZone !== undefined && { timeZone };
  if (age < 6 * DAY) return new Intl.DateTimeFormat("en-GB", { weekday: "short", ...zone }).format(then);
  const year = new Intl.DateTimeFormat("en-GB", { year: "numeric", ...zone });
  const sameYear = year.format(then) === year.format(now);
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    ...(!sameYear && { year: "numeric" }),
    ...zone,
  }).format(then);
}

/** What a conversation is called before its first message names it. */
export const UNTITLED = "New conversation";

/** The sessions whose title holds every word of the search. */
export function searchSessions(sessions: readonly Session[], search: string): Session[] {
  const words = searchWords(search);
  return sessions.filter(({ title }) => {
    const name = fold(title ?? UNTITLED);
    return words.every((word) => name.includes(word));
  });
}
