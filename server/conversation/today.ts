const DAY_MS = 24 * 60 * 60_000;

export interface Moment {
  /** Milliseconds since the epoch. */
  now: number;
  /** The person's, by its IANA name. */
  timeZone: string;
  /** When the conversation's last message before this one was written, as an ISO timestamp; undefined when there is none. */
  lastWrittenAt: string | undefined;
}

/**
 * What the model is told about time: the day where the person is, and how long ago the conversation stopped, where that
 * was on another day. The same all day long.
 */
export function todayWords({ now, timeZone, lastWrittenAt }: Moment): string {
  // Whether there is a comma in it depends on the release of ICU.
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone }).format(now).replace(",", "");
  const today = `<today>It is ${day}.`;
  const daysAgo =
    lastWrittenAt === undefined ? 0 : dayNumber(now, timeZone) - dayNumber(Date.parse(lastWrittenAt), timeZone);
  if (daysAgo < 1) return `${today}</today>`;
  const ago = daysAgo === 1 ? "yesterday" : `${daysAgo} days ago`;
  return `${today} The message before this one was written ${ago}.</today>`;
}

/** Counts calendar days, so that the difference of two is how many midnights lie between them there. */
function dayNumber(at: number, timeZone: string): number {
  // The Swedish form of a date is the ISO one.
  return Date.parse(new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone }).format(at)) / DAY_MS;
}
