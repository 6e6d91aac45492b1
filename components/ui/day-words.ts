const FORMAT: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", year: "numeric" };

/** A calendar day, as `2027-05-31`, in words; the same day everywhere. */
export function dayWords(day: string): string {
  return new Intl.DateTimeFormat("en-GB", { ...FORMAT, timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

/** The day of a moment, in the person's time zone. */
export function dayOfMoment(at: string, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", { ...FORMAT, ...(timeZone !== undefined && { timeZone }) }).format(
    new Date(at),
  );
}
