/** Where this browser is, by its IANA name. Asked anew each time: people travel with a page open. */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
