import { keepChoice } from "./choose";
import { TIME_ZONE_COOKIE } from "./time-zone-cookie";

/** Tells the server the time zone of this browser, for the HTML of the next pages. */
export function tellTimeZone(): void {
  keepChoice(TIME_ZONE_COOKIE, new Intl.DateTimeFormat().resolvedOptions().timeZone);
}
