/** The days of the week in the order of `Date.getDay`, as RFC 5545 names them. */
export const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;

export type Weekday = (typeof WEEKDAYS)[number];

export interface Reminder {
  weekday: Weekday;
  /** As `20:00`. */
  time: string;
  /** What the calendar shows. */
  title: string;
  text: string;
  /** The address that it leads to. */
  url: string;
  /** An IANA name, as `Asia/Jerusalem`. */
  timeZone: string;
}

const MINUTES = 15;

/**
 * A calendar file (RFC 5545) with one event that comes back every week. Its times are local ones ("floating"), so that it stays
 * at the same hour of the person's day when clocks change and when they travel. A file that is made later for the same
 * site replaces the event of an earlier one.
 */
export function calendarFile({ weekday, time, title, text, url, timeZone }: Reminder, now: Date): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Clarify//Reminder//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    `X-WR-TIMEZONE:${escaped(timeZone)}`,
    "BEGIN:VEVENT",
    `UID:weekly-reminder@${new URL(url).hostname}`,
    `SEQUENCE:${Math.floor(now.getTime() / 60_000)}`,
    `DTSTAMP:${compact(now.toISOString().slice(0, 19))}Z`,
    `DTSTART:${compact(`${nextDay(weekday, time, now)}T${time}:00`)}`,
    `DURATION:PT${MINUTES}M`,
    `RRULE:FREQ=WEEKLY;BYDAY=${weekday}`,
    `SUMMARY:${escaped(title)}`,
    `DESCRIPTION:${escaped(text)}`,
    `URL:${url}`,
    "TRANSP:TRANSPARENT",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${escaped(title)}`,
    "TRIGGER:PT0M",
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

/** The next such day whose time has not passed, in this browser's zone, as `2026-12-06`. */
function nextDay(weekday: Weekday, time: string, now: Date): string {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const ahead = (WEEKDAYS.indexOf(weekday) - now.getDay() + 7) % 7;
  const at = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hours, minutes);
  const next = at(ahead) > now ? at(ahead) : at(ahead + 7);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${next.getFullYear()}-${two(next.getMonth() + 1)}-${two(next.getDate())}`;
}

function compact(moment: string): string {
  return moment.replace(/[-:]/g, "");
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
}

const OCTETS = new TextEncoder();
const LONGEST_LINE = 75;

/** A line in pieces of at most 75 octets, none of which ends inside a character. The space before each further one counts. */
function folded(line: string): string {
  let result = "";
  let octets = 0;
  for (const character of line) {
    const size = OCTETS.encode(character).length;
    if (octets + size > LONGEST_LINE) {
      result += "\r\n ";
      octets = 1;
    }
    result += character;
    octets += size;
  }
  return result;
}
