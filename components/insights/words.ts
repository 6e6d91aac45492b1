import type { Range } from "@/server/insights/report";
import type { TokenKind } from "@/server/model/metrics";

export const RANGE_WORDS: Record<Range, { short: string; long: string }> = {
  "15m": { short: "15 min", long: "the last 15 minutes" },
  "1h": { short: "1 h", long: "the last hour" },
  "6h": { short: "6 h", long: "the last 6 hours" },
  "24h": { short: "24 h", long: "the last 24 hours" },
};

/** The breaker's state by its number, as the metrics have it. */
export const BREAKER_WORDS = ["closed", "half-open", "open"] as const;

/** Milliseconds with sensible precision: `0.42 ms`, `3.1 ms`, `118 ms`, `2.4 s`. */
export function millisecondWords(ms: number): string {
  if (ms < 1) return `${ms.toFixed(2)}\u00a0ms`;
  if (ms < 10) return `${ms.toFixed(1)}\u00a0ms`;
  if (ms < 1_000) return `${Math.round(ms)}\u00a0ms`;
  return `${(ms / 1_000).toFixed(1)}\u00a0s`;
}

/** A share of 1 as a percentage: `97.4 %`, `100 %`, on one line. */
export function shareWords(share: number): string {
  const percent = share * 100;
  return `${Number.isInteger(percent) ? percent : percent.toFixed(1)}\u00a0%`;
}

/** A count with separated thousands; fractions only for small numbers. */
export function countWords(count: number): string {
  return count.toLocaleString("en", { maximumFractionDigits: count < 100 ? 1 : 0 });
}

/** US dollars, with enough digits to tell a small amount from zero. */
export function dollarWords(dollars: number): string {
  return dollars === 0 ? "$0" : `$${dollars.toPrecision(dollars < 1 ? 2 : 3)}`;
}

// Making a formatter takes much longer than using it.
const MINUTES = { hour: "2-digit", minute: "2-digit" } as const;
const toMinutes = new Intl.DateTimeFormat("en-GB", MINUTES);
const toSeconds = new Intl.DateTimeFormat("en-GB", { ...MINUTES, second: "2-digit" });
const toZone = new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" });
const toMoment = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  ...MINUTES,
  timeZoneName: "short",
});

/** A time of day, with seconds if points are less than a minute apart. */
export function timeWords(at: number, stepMs: number): string {
  return (stepMs < 60_000 ? toSeconds : toMinutes).format(at);
}

/** The zone of the times that the browser shows: `UTC`, `GMT+2`. */
export function zoneWords(at: number): string {
  return toZone.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
}

/** A day and a time of day, with their zone. */
export function momentWords(at: number): string {
  return toMoment.format(at);
}

export const TOKEN_WORDS: Record<TokenKind, string> = {
  cache_read: "input from its cache",
  cache_write: "input into its cache",
  input: "other input",
  output: "output",
};

/** How replies end, by the label of the metric. */
export const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  complete: "Complete",
  interrupted: "Stopped or cut off, can be continued",
  failed: "Broke off",
  refused: "Refused by the model",
  unspoken: "Failed before the first word",
};

/** The keys of a record with a key for every member of a union, in the order of the record. */
export function keysOf<Key extends string>(record: Record<Key, unknown>): Key[] {
  return Object.keys(record) as Key[];
}
