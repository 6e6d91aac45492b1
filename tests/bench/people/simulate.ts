import { resolvePolicy } from "@/server/cache";
import { sections } from "@/server/clarify/sections";
import { sectionKey } from "@/server/context/section";
import { fixedRows } from "../fixed-rows";
import type { Act } from "./behaviour";
import { dayOf, randomFrom } from "./behaviour";

/** What a day of so many people asks of Redis. */
export interface Day {
  people: number;
  /** All entries are kept this many times as long as in the app. */
  ttlTimes: number;
  /** Sections read, and those of them that were in the cache. */
  reads: number;
  hits: number;
  /** The same for the builds that a message waits for. */
  messageReads: number;
  messageHits: number;
  commands: number;
  /** In the busiest minute. */
  peakCommandsPerS: number;
  bytesMoved: number;
  meanBytes: number;
  peakBytes: number;
}

const MINUTE = 60_000;
const MINUTES = 1_440;
/** What Redis itself needs for a key that expires: entries of two tables, an object, and the rounding of the allocator. */
const KEY_OVERHEAD = 160;

const TABLES = { user: "users", dreams: "dreams", patterns: "clarify_patterns", sessions: "clarify_sessions" };
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** The sections with the size of a busy person's entry in bytes. */
const SIZED = sections.map((section) => {
  const table = section.name === "reflections" ? section.name : TABLES[section.name];
  const value = JSON.stringify(fixedRows(table, 1)).length;
  return { name: section.name, policy: resolvePolicy(section.policy), value, key: sectionKey(section, NOBODY).length };
});

const OUTDATES: Record<Act["kind"], readonly string[]> = {
  open: [],
  send: [],
  stored: ["sessions"],
  edit: ["dreams"],
  reflect: ["reflections", "user"],
};

export interface Simulation {
  /** How many people there are at each point at which the day so far is reported, ascending. */
  sizes: readonly number[];
  ttlTimes: number;
}

/**
 * One day of people after another, whose entries have nothing to do with each other. An entry is read, refreshed ahead
 * of its expiry, outdated by writes and kept for the fail-safe time as the engine does it; no server runs.
 */
export function simulate({ sizes, ttlTimes }: Simulation): Day[] {
  const counts = { reads: 0, hits: 0, messageReads: 0, messageHits: 0, commands: 0, bytesMoved: 0 };
  const commandsIn = new Float64Array(MINUTES);
  const bytesAdded = new Float64Array(MINUTES + 1);
  const days: Day[] = [];
  const minuteOf = (at: number) => Math.floor(at / MINUTE) % MINUTES;

  function command(at: number): void {
    counts.commands += 1;
    const minute = minuteOf(at);
    commandsIn[minute] = (commandsIn[minute] ?? 0) + 1;
  }

  /** The day is a circle: what is held at midnight is held in its first minutes. */
  function hold(from: number, to: number, bytes: number): void {
    const [first, last] = [minuteOf(from), minuteOf(to)];
    bytesAdded[first] = (bytesAdded[first] ?? 0) + bytes;
    bytesAdded[last] = (bytesAdded[last] ?? 0) - bytes;
    if (last < first) bytesAdded[0] = (bytesAdded[0] ?? 0) + bytes;
  }

  const rules = SIZED.map(({ policy, ...section }) => ({
    ...section,
    ttlMs: policy.ttlMs * ttlTimes,
    agingMs: policy.agingMs * ttlTimes,
    keepMs: policy.keepMs + policy.ttlMs * (ttlTimes - 1),
  }));
  /** A page asks again in the middle of the period in which the first entry is refreshed. */
  const warmForMs = Math.min(...rules.map(({ agingMs, ttlMs }) => (agingMs + ttlMs) / 2));

  function live(acts: readonly Act[]): void {
    const filledAt = rules.map(() => Number.NEGATIVE_INFINITY);
    const drop = (index: number, at: number) => {
      const { keepMs, value, key } = rules[index] ?? { keepMs: 0, value: 0, key: 0 };
      const since = filledAt[index] ?? Number.NEGATIVE_INFINITY;
      if (since > Number.NEGATIVE_INFINITY) hold(since, Math.min(at, since + keepMs), value + key + KEY_OVERHEAD);
      filledAt[index] = Number.NEGATIVE_INFINITY;
    };

    function build(at: number, forMessage: boolean): void {
      let fills = false;
      command(at);
      for (const [index, { ttlMs, agingMs, value }] of rules.entries()) {
        const age = at - (filledAt[index] ?? Number.NEGATIVE_INFINITY);
        const hit = age < ttlMs;
        counts.reads += 1;
        if (hit) counts.hits += 1;
        if (forMessage) counts.messageReads += 1;
        if (forMessage && hit) counts.messageHits += 1;
        if (hit) counts.bytesMoved += value;
        if (age < agingMs) continue;
        fills = true;
        drop(index, at);
        filledAt[index] = at;
        counts.bytesMoved += value;
      }
      if (fills) command(at);
    }

    for (const [index, { at, kind }] of acts.entries()) {
      const outdated = OUTDATES[kind];
      if (outdated.length === 0) build(at, kind === "send");
      else {
        // A fence and its release.
        command(at);
        command(at);
        for (const [of, { name }] of rules.entries()) if (outdated.includes(name)) drop(of, at);
      }
      // The page of a conversation stays open until its person sends the next message.
      const next = acts[index + 1];
      if (kind === "open" && next !== undefined && next.kind !== "open") {
        for (let again = at + warmForMs; again < next.at; again += warmForMs) build(again, false);
      }
    }
    for (const index of rules.keys()) drop(index, Number.POSITIVE_INFINITY);
  }

  const random = randomFrom(20_261_130);
  let people = 0;
  for (const size of sizes) {
    for (; people < size; people += 1) live(dayOf(random));
    let [bytes, sum, peak] = [0, 0, 0];
    for (const added of bytesAdded.subarray(0, MINUTES)) {
      bytes += added;
      sum += bytes;
      peak = Math.max(peak, bytes);
    }
    const peakCommandsPerS = Math.max(...commandsIn) / 60;
    days.push({ people, ttlTimes, ...counts, peakCommandsPerS, meanBytes: sum / MINUTES, peakBytes: peak });
  }
  return days;
}

/** Upstash's published prices for a month, pay as you go, in US dollars. */
export const UPSTASH = {
  per100kCommands: 0.2,
  perGbStored: 0.25,
  freeGbStored: 1,
  perGbMoved: 0.03,
  freeGbMoved: 200,
} as const;

const DAYS_A_MONTH = 365 / 12;
const GB = 1_000_000_000;

export function dollarsAMonth({ commands, bytesMoved, peakBytes }: Day): number {
  const { per100kCommands, perGbStored, freeGbStored, perGbMoved, freeGbMoved } = UPSTASH;
  const stored = Math.max(0, peakBytes / GB - freeGbStored) * perGbStored;
  const moved = Math.max(0, (bytesMoved * DAYS_A_MONTH) / GB - freeGbMoved) * perGbMoved;
  return (commands * DAYS_A_MONTH * per100kCommands) / 100_000 + stored + moved;
}
