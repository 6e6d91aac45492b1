import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import { SCRIPTS, scriptOf } from "./scripts";

/** Tokens of a text by script, in the order of `SCRIPTS`. */
export type TokensByScript = Float64Array;

/** Counts a text's tokens by script. */
export type CountByScript = (text: string) => TokensByScript;

const ASCII = SCRIPTS.indexOf("ascii");
const LATIN = SCRIPTS.indexOf("latin");

/** How many entries are read between two turns of the event loop: about a millisecond of work. */
const SLICE = 1_000;
/**
 * The longest text that is merged at once, in characters. Longer runs without a break are cut, because merging is
 * quadratic.
 */
const LONGEST_WORD = 100;

/**
 * Loads the published vocabulary `o200k`, which has words of all scripts, without blocking the process for longer than
 * a few milliseconds at a time. It takes about 40 MB of memory.
 * @throws when the vocabulary is not installed.
 */
export async function loadVocabulary(): Promise<CountByScript> {
  const { bpe_ranks: published, pat_str: pattern } = (await import("js-tiktoken/ranks/o200k_base")).default;
  const ranks = new Map<string, number>();
  // One line per block: a mark, the rank of its first entry, then the entries in base64.
  for (const block of published.split("\n")) {
    let at = block.indexOf(" ", block.indexOf(" ") + 1) + 1;
    let rank = Number.parseInt(block.slice(block.indexOf(" ") + 1), 10);
    while (at > 0) {
      const end = block.indexOf(" ", at);
      ranks.set(Buffer.from(block.slice(at, end === -1 ? undefined : end), "base64").toString("latin1"), rank);
      rank += 1;
      at = end + 1;
      if (ranks.size % SLICE === 0) await turnOfEventLoop();
    }
  }
  const words = new RegExp(pattern, "gu");

  return (text) => {
    const counts = new Float64Array(SCRIPTS.length);
    for (const [word] of text.matchAll(words)) {
      const script = scriptOf(word);
      for (let from = 0; from < word.length; from += LONGEST_WORD) {
        counts[script] = (counts[script] ?? 0) + countMerged(word.slice(from, from + LONGEST_WORD), ranks);
      }
    }
    // Unmarked words among marked ones are in the same language.
    if ((counts[LATIN] ?? 0) > 0) {
      counts[LATIN] = (counts[LATIN] ?? 0) + (counts[ASCII] ?? 0);
      counts[ASCII] = 0;
    }
    return counts;
  };
}

/**
 * How many tokens byte-pair encoding makes of a word: neighbours with the lowest rank in the vocabulary merge first.
 */
function countMerged(word: string, ranks: ReadonlyMap<string, number>): number {
  const bytes = Buffer.from(word, "utf8").toString("latin1");
  if (bytes.length === 1 || ranks.has(bytes)) return 1;
  const rankOf = (from: number, to: number) => ranks.get(bytes.slice(from, to)) ?? Number.POSITIVE_INFINITY;
  /** Where the parts begin, followed by the end of the last one. */
  const starts = Array.from({ length: bytes.length + 1 }, (_, at) => at);
  /** The rank that each part would have if it merged with the next one. */
  const joined = starts.slice(0, -2).map((start) => rankOf(start, start + 2));
  const rejoin = (part: number) => {
    if (part >= 0 && part < joined.length) joined[part] = rankOf(starts[part] ?? 0, starts[part + 2] ?? 0);
  };
  for (;;) {
    let best = 0;
    for (let part = 1; part < joined.length; part += 1) {
      if ((joined[part] ?? 0) < (joined[best] ?? 0)) best = part;
    }
    if (!Number.isFinite(joined[best] ?? Number.POSITIVE_INFINITY)) return starts.length - 1;
    starts.splice(best + 1, 1);
    joined.splice(best, 1);
    rejoin(best);
    rejoin(best - 1);
  }
}
