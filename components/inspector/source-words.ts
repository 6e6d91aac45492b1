import type { Speech } from "@/components/words/speech";
import type { SectionSource } from "@/server/context/context";

/** Whether a section was answered without asking the database. */
export function isFromMemory(source: SectionSource): boolean {
  return source === "near" || source === "fresh" || source === "aging" || source === "fallback";
}

/** How much of a context came from memory, as in "5 of 5 from memory". */
export function memoryWords(sections: readonly { source: SectionSource }[], { words, fill }: Speech): string {
  const remembered = sections.filter(({ source }) => isFromMemory(source)).length;
  return fill(words.inspector.fromMemory, { remembered, sections: sections.length });
}

/** A duration in milliseconds, more precise the shorter it is. */
export function durationWords(ms: number, { words, fill }: Speech): string {
  const { inspector } = words;
  if (ms < 1) return inspector.underOneMs;
  if (ms < 1_000) return fill(inspector.ms, { count: Math.round(ms) });
  return fill(inspector.seconds, { count: (ms / 1_000).toFixed(1) });
}
