import { createHash } from "node:crypto";
import { ENGLISH } from "./english";
import { EVERYDAY } from "./everyday";
import { HEBREW } from "./hebrew";

/** A message, and older texts of the same person. */
export interface LabelledQuestion {
  asks: string;
  /** Texts that have to do with the message, mostly in other words. */
  about: readonly [string, string];
  /** Texts that share a word or a sound with it, and nothing else. */
  beside: readonly [string, string, string];
}

export interface LabelledItem {
  id: string;
  kind: "reflection" | "dream" | "message";
  text: string;
  /** ISO-8601, UTC. */
  at: string;
}

/** A labelled question, with the ids of the items that it should find. */
export interface Question {
  asks: string;
  about: readonly string[];
}

const KINDS = ["message", "reflection", "message", "dream"] as const;
const DAY_MS = 24 * 60 * 60_000;
const NEWEST = Date.UTC(2026, 9, 1, 20);

const labelled = [...ENGLISH, ...HEBREW];
const texts = [
  ...labelled.flatMap(({ about, beside }) => [...about, ...beside]),
  ...Object.values(EVERYDAY).flatMap(({ events, remarks }) =>
    events.flatMap((event) => remarks.map((remark) => `${event} ${remark}`)),
  ),
];

/**
 * The 400 items of one person, newest first. Their order in time is that of their hashes, so it has nothing to do with
 * what they say.
 */
export const ITEMS: readonly LabelledItem[] = texts
  .map((text) => ({ text, hash: createHash("sha256").update(text).digest("hex") }))
  .sort((left, right) => left.hash.localeCompare(right.hash))
  .map(({ text, hash }, place) => ({
    id: hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5"),
    kind: KINDS[place % KINDS.length] ?? "message",
    text,
    at: new Date(NEWEST - place * DAY_MS).toISOString(),
  }));

const idOf = (text: string) => ITEMS.find((item) => item.text === text)?.id ?? "";

/** Forty questions: twenty in English, twenty in Hebrew. */
export const QUESTIONS: readonly Question[] = labelled.map(({ asks, about }) => ({ asks, about: about.map(idOf) }));

/** The share of what the questions are about that is among the first three of what was found for them. */
export function recallAt3(found: readonly (readonly string[])[]): number {
  const hits = QUESTIONS.map(({ about }, n) => about.filter((id) => found[n]?.slice(0, 3).includes(id)).length);
  const wanted = QUESTIONS.reduce((sum, { about }) => sum + about.length, 0);
  return hits.reduce((sum, count) => sum + count, 0) / wanted;
}
