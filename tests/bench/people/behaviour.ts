/** What one person does to their context at a time, in milliseconds since midnight. */
export interface Act {
  at: number;
  /**
   * `open`: a page asks for the context. `send`: a message is answered with it. `stored`: a message or a reply was stored.
   * `edit`: a dream changed. `reflect`: a reflection was written.
   */
  kind: "open" | "send" | "stored" | "edit" | "reflect";
}

export type Random = () => number;

const [SECOND, HOUR] = [1_000, 3_600_000];
/** How many people come in each hour of the day, in proportion: few at night, most in the evening. */
const HOURS = [2, 1, 1, 1, 1, 2, 4, 6, 7, 6, 5, 5, 6, 5, 5, 5, 5, 6, 7, 8, 10, 11, 9, 5];
const HOURS_SUM = HOURS.reduce((sum, share) => sum + share, 0);

/** Half of all people come less than once in four days, one in ten almost daily. */
const VISITS_A_DAY = { median: 0.25, spread: 1 };
const THINKING_MS = { median: 60 * SECOND, spread: 0.9 };
const REPLY_MS = { median: 9 * SECOND, spread: 0.5 };
/** After each message the conversation ends with this probability: five messages on average. */
const ENDS = 0.2;
const EDITS = 0.08;
const REFLECTS = 0.03;

/** A day of a person: visits in which they open a conversation, think, write, read the reply, and now and then edit. */
export function dayOf(random: Random): Act[] {
  const acts: Act[] = [];
  for (let left = visitsOf(random); left > 0; left -= 1) visit(timeOfDay(random), random, acts);
  return acts.sort((one, other) => one.at - other.at);
}

function visit(begun: number, random: Random, acts: Act[]): void {
  let at = begun;
  acts.push({ at, kind: "open" });
  do {
    at += logNormal(THINKING_MS, random);
    const edit = random() < EDITS ? "edit" : random() < REFLECTS ? "reflect" : undefined;
    // The page asks for the context again after an edit and after a reply, so that the next message finds it warm.
    if (edit) acts.push({ at: at - 5 * SECOND, kind: edit }, { at: at - 4 * SECOND, kind: "open" });
    acts.push({ at, kind: "send" }, { at: at + 1, kind: "stored" });
    at += logNormal(REPLY_MS, random);
    acts.push({ at, kind: "stored" }, { at: at + 1, kind: "open" });
  } while (random() > ENDS);
}

/** As many as a day brings with this person's mean. */
function visitsOf(random: Random): number {
  const none = Math.exp(-logNormal(VISITS_A_DAY, random));
  let visits = 0;
  for (let product = random(); product > none; product *= random()) visits += 1;
  return visits;
}

function timeOfDay(random: Random): number {
  let left = random() * HOURS_SUM;
  const hour = HOURS.findIndex((share) => {
    left -= share;
    return left <= 0;
  });
  return (Math.max(hour, 0) + random()) * HOUR;
}

function logNormal({ median, spread }: { median: number; spread: number }, random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(spread * normal);
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
