const DAY_MS = 24 * 60 * 60_000;

export interface Moment {
  /** Milliseconds since the epoch. */
  now: number;
  /** The person's time zone, an IANA name. */
  timeZone: string;
  /** When the message before this one was written, as an ISO timestamp; undefined when there is none. */
  lastWrittenAt: string | undefined;
}

/**
 * The date for the model: the day in the person's time zone, and how long ago the last message was written if that was
 * on another day. Its words are the same all day.
 */
export function todayWords({ now, timeZone, lastWrittenAt }: Moment): string {
  // Whether the date contains a comma depends on the version of ICU.
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone }).format(now).replace(",", "");
  const today = `<today>It is ${day}.`;
  const daysAgo =
    lastWrittenAt === undefined ? 0 : dayNumber(now, timeZone) - dayNumber(Date.parse(lastWrittenAt), timeZone);
  if (daysAgo < 1) return `${today}</today>`;
  const ago = daysAgo === 1 ? "yesterday" : `${daysAgo} days ago`;
  return `${today} The message before this one was written ${ago}.</today>`;
}

/** The number of a calendar day, so that the difference of two numbers is the number of midnights between them. */
function dayNumber(at: number, timeZone: string): number {
  // The Swedish form of a date is the ISO form.
  return Date.parse(new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone }).format(at)) / DAY_MS;
}
