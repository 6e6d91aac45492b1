import { calendarDay, dayWords } from "@/components/ui/days";
import type { Speech } from "@/components/words/speech";
import { cutAtWord } from "@/server/context/quote";
import type { Message } from "@/server/conversation/events";
import type { Dream } from "@/server/dreams/dream";
import type { Reflection } from "@/server/reflections/router";
import { isTooGraveToQuote, speaksOfCrisis } from "@/server/safety/crisis-words";
import type { Session } from "@/server/sessions/router";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** A dream is due this many days ahead. */
const DUE_DAYS = 14;
/** A dream is quiet when it was not changed, reflected on or named for this long. */
const QUIET_DAYS = 30;
const LAST_WORDS_DAYS = 14;
const REFLECTION_DAYS = 7;
/** Whoever has just said something need not be told. */
const REST_HOURS = 6;

const LONGEST_QUOTE = 140;
/** A shorter sentence says too little on its own: "Yes." */
const SHORTEST_QUOTE = 12;

/** What the page knows of the person, also what must not be drawn from. */
export interface Known {
  /** Newest updated first. */
  dreams: readonly Dream[];
  /** Newest first. */
  reflections: readonly Reflection[];
  /**
   * The last other conversation in which something was said, archived or not, and the end of it, oldest message first; null
   * if there is none.
   */
  last: { session: Session; messages: readonly Message[] } | null;
}

export interface Opening {
  /** Names what it is drawn from, without words of the person. */
  key: string;
  kind: "due" | "said" | "wrote" | "quiet";
  words: string;
  /** ISO-8601 or a calendar day. */
  day: string;
}

/**
 * The openings of a new conversation that can be drawn from what is known, the most pressing first. There are none while
 * the person's latest words speak of suicide or self-harm, wherever they are. The same things at the same time give the
 * same openings.
 */
export function openingsFrom({ dreams, reflections, last }: Known, now: Date, timeZone?: string): Opening[] {
  const said = last?.messages ?? [];
  const [latest] = reflections;
  // A listed conversation has no title only if that speaks of a crisis.
  if (last?.session.title === null || said.some(({ content }) => speaksOfCrisis(content))) return [];
  if (latest !== undefined && speaksOfCrisis(latest.content)) return [];

  const active = dreams.filter((dream) => dream.status === "active" && !dream.paused && !isOfCrisis(dream));
  const today = calendarDay(now, timeZone);
  const horizon = calendarDay(new Date(now.getTime() + DUE_DAYS * DAY), timeZone);
  const age = (at: string) => now.getTime() - Date.parse(at);

  const due = active
    .flatMap(({ id, title, targetDate }) =>
      targetDate !== null && targetDate >= today && targetDate <= horizon ? [{ id, title, day: targetDate }] : [],
    )
    .sort((one, other) => one.day.localeCompare(other.day))
    .map(({ id, title, day }): Opening => ({ key: `due:${id}:${day}`, kind: "due", words: short(title), day }));

  const mayQuote = last !== null && last.session.status === "active" && !last.session.offRecord;
  const spoken = mayQuote ? said.findLast(({ role }) => role === "user") : undefined;
  const isGrave = spoken !== undefined && isTooGraveToQuote(spoken.content);
  const ago = spoken === undefined ? 0 : age(spoken.createdAt);
  const isFresh = spoken !== undefined && ago >= REST_HOURS * HOUR && ago <= LAST_WORDS_DAYS * DAY;
  const unfinished: Opening[] =
    isFresh && !isGrave
      ? [{ key: `said:${spoken.id}`, kind: "said", words: lastSentence(spoken.content), day: spoken.createdAt }]
      : [];

  const wrote = reflections
    .filter(({ paused, content }) => !paused && !isTooGraveToQuote(content))
    .slice(0, 1)
    .filter(({ createdAt }) => age(createdAt) >= REST_HOURS * HOUR && age(createdAt) <= REFLECTION_DAYS * DAY)
    .map(({ id, content, createdAt }): Opening => {
      return { key: `wrote:${id}`, kind: "wrote", words: lastSentence(content), day: createdAt };
    });

  const isQuiet = ({ id, title, updatedAt }: Dream) =>
    [
      updatedAt,
      ...reflections.filter(({ dreamId }) => dreamId === id).map(({ createdAt }) => createdAt),
      ...said.filter(({ content }) => names(content, title)).map(({ createdAt }) => createdAt),
    ].every((at) => age(at) >= QUIET_DAYS * DAY);
  const quiet = active
    .filter(isQuiet)
    .toReversed()
    .map(({ id, title, updatedAt }): Opening => {
      return { key: `quiet:${id}:${updatedAt.slice(0, 10)}`, kind: "quiet", words: short(title), day: updatedAt };
    });

  return [...due, ...unfinished, ...wrote, ...quiet];
}

function names(text: string, title: string): boolean {
  return text.toLowerCase().includes(title.toLowerCase());
}

function isOfCrisis({ title, description }: Dream): boolean {
  return speaksOfCrisis(title) || (description !== null && speaksOfCrisis(description));
}

/** Where a text ends is usually what is still open; the sentence before it if the last one says too little. */
function lastSentence(text: string): string {
  const sentences = text.split(/(?<=[.!?…。？！])\s+|\n+/u).flatMap((sentence) => sentence.trim() || []);
  return short(sentences.findLast(({ length }) => length >= SHORTEST_QUOTE) ?? sentences.join(" "));
}

function short(text: string): string {
  return cutAtWord(text.trim().replace(/\s+/g, " "), LONGEST_QUOTE);
}

/** An opening as it is offered, and the words that it puts into the composer. */
export function openingWords(opening: Opening, now: Date, speech: Speech, timeZone?: string) {
  const { words, fill } = speech;
  const { offer, begin } = words.opening[opening.kind];
  const values = { words: opening.words, day: daySaid(opening.day, now, speech, timeZone) };
  return { offer: fill(offer, { ...values, words: isolated(opening.words) }), begin: fill(begin, values) };
}

/** A quotation keeps its own direction within a sentence of another one. */
function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** A day within a sentence: "yesterday", "on Sunday", "on 31 May 2027". */
function daySaid(at: string, now: Date, speech: Speech, timeZone?: string): string {
  const { words, fill, locale } = speech;
  const day = /^\d{4}-\d\d-\d\d$/.test(at) ? at : calendarDay(new Date(at), timeZone);
  const days = Math.round((Date.parse(calendarDay(now, timeZone)) - Date.parse(day)) / DAY);
  const near = { "-1": words.opening.tomorrow, 0: words.opening.today, 1: words.opening.yesterday }[days];
  if (near !== undefined) return near;
  if (days < -6 || days > 6) return fill(words.opening.onDate, { day: dayWords(day, speech) });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" }).format(new Date(day));
  return fill(words.opening.onWeekday, { day: weekday });
}
