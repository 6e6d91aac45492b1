import { z } from "zod";
import { cursorSchema } from "./database/keyset";
import { fits } from "./field-limits";

/**
 * The id of a row, in the form that PostgreSQL takes: hexadecimal digits of any UUID version. In small letters, as
 * PostgreSQL writes them, because ids are also compared and are part of keys in this process.
 */
export const uuid = z.guid("A UUID is expected").toLowerCase();

/**
 * Text that a person writes, trimmed and not empty. Its length counts characters, as the database's checks do, so that
 * an emoji is one. `what` begins the message of a refusal: "A title".
 */
export function text(what: string, limit: number) {
  return optionalText(what, limit)
    .refine((value) => value !== "", `${what} needs at least one character`)
    .meta({ minLength: 1, maxLength: limit });
}

/** As `text`, but may be empty. */
export function optionalText(what: string, limit: number) {
  return z
    .string()
    .trim()
    .refine((value) => fits(value, limit), `${what} can have at most ${limit} characters`)
    .refine(isStorable, `${what} contains characters that cannot be stored`)
    .meta({ maxLength: limit });
}

/** A text that may be absent. An empty text counts as absent. */
export function textOrNone(what: string, limit: number) {
  return optionalText(what, limit)
    .nullable()
    .transform((value) => (value === "" ? null : value));
}

/** PostgreSQL cannot store NUL, and half a surrogate pair is not a character. */
function isStorable(value: string): boolean {
  return !value.includes("\0") && value.isWellFormed();
}

/** A day that exists in the calendar, as `2027-05-31`. */
export const calendarDay = z.iso
  .date("A day is written as 2027-05-31 and has to exist")
  .refine((value) => !value.startsWith("0000"), "The calendar begins with the year 1");

/**
 * The person's time zone as their browser names it: `Asia/Jerusalem`. UTC if there is none or the name is unknown here:
 * browsers and servers learn new names at different times, and a request is not refused for it.
 */
export const timeZone = z
  .string()
  .max(64, "The name of a time zone can have at most 64 characters")
  .default("UTC")
  .transform((name) => (isTimeZone(name) ? name : "UTC"));

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The position in a list; the cursor is the last page's `nextCursor`. */
export const pageFields = {
  cursor: cursorSchema.nullish(),
  limit: z.number().int().min(1).max(100).default(30),
};
