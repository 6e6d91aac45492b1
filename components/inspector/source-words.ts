import type { MissingReason, SectionSource } from "@/server/context/context";

interface SourceWords {
  /** In a word or two. */
  short: string;
  /** In a sentence. */
  long: string;
}

export const SOURCE_WORDS: Record<SectionSource, SourceWords> = {
  fresh: { short: "from memory", long: "Remembered from a moment ago, and still fresh." },
  aging: {
    short: "from memory, renewing",
    long: "Remembered, and read again in the background because it is getting old.",
  },
  loaded: { short: "just read", long: "Read from the database for this." },
  joined: { short: "just read, shared", long: "Somebody was reading it already; this waited for the same answer." },
  fallback: { short: "an older copy", long: "Reading it failed, so an older copy was used." },
  missing: { short: "missing", long: "It could not be read, and no copy was held." },
};

export const MISSING_WORDS: Record<MissingReason, string> = {
  timeout: "Reading it took too long. The mirror was told not to assume there is nothing.",
  unavailable: "It could not be read just now. The mirror was told not to assume there is nothing.",
};

/** Whether a section was answered without asking the database. */
export function isFromMemory(source: SectionSource): boolean {
  return source === "fresh" || source === "aging" || source === "fallback";
}

/** How much of a context came from memory, as in "5 of 5 from memory". */
export function memoryWords(sections: readonly { source: SectionSource }[]): string {
  const remembered = sections.filter(({ source }) => isFromMemory(source)).length;
  return `${remembered} of ${sections.length} from memory`;
}

/** A duration in milliseconds, more precise the shorter it is. */
export function durationWords(ms: number): string {
  if (ms < 1) return "under 1 ms";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return `${(ms / 1_000).toFixed(1)} s`;
}
