import type { PatternRow } from "@/server/database/types";
import { similarity } from "./similarity";

export interface KnownPattern {
  id: string;
  type: PatternRow["type"];
  content: string;
}

/** A pattern that was seen in a person's messages. */
export interface ObservedPattern {
  type: PatternRow["type"];
  content: string;
  /** The indexes of the messages that show it; at least one. */
  messages: readonly number[];
  /** The index of the known pattern that it repeats; null if none was recognised. */
  sameAs: number | null;
}

export interface MergedPatterns {
  /** Known patterns that were seen again, and how much their strength grows. */
  seen: { id: string; by: number; messages: number[] }[];
  /** New patterns; `messages` are the indexes of the messages that show them, in order. */
  added: { type: PatternRow["type"]; content: string; strength: number; messages: number[] }[];
}

/** Texts from this similarity on count as saying the same. */
export const SIMILAR_FROM = 0.6;
/** The most strength that one consolidation adds to a pattern: strength is meant to be earned over time. */
export const MAX_GAIN = 3;

interface Evidence {
  messages: Set<number>;
}

/**
 * Decides where each observation belongs, in this order:
 *
 * 1. to the known pattern that the observer recognised;
 * 2. to the most similar known pattern of the same type, from a similarity of 0.6 on (of equally similar ones to the
 *    first, which is the strongest);
 * 3. to the most similar new pattern that was seen before it, in the same way;
 * 4. to a new pattern.
 *
 * A pattern gains 1 for each different message that shows it, at most 3; a new one begins with that strength. A known
 * pattern keeps its words. The database applies ceiling, decay and the number of patterns kept: see
 * `finish_consolidation`.
 */
export function mergePatterns(known: readonly KnownPattern[], observed: readonly ObservedPattern[]): MergedPatterns {
  const seen = new Map<KnownPattern, Evidence>();
  const added: (Evidence & { type: PatternRow["type"]; content: string })[] = [];

  for (const observation of observed) {
    const recognised = observation.sameAs === null ? undefined : known[observation.sameAs];
    const before = recognised ?? mostSimilar(known, observation);
    let evidence = before ? seen.get(before) : mostSimilar(added, observation);
    if (!evidence) {
      evidence = { messages: new Set() };
      if (before) seen.set(before, evidence);
      else added.push(Object.assign(evidence, { type: observation.type, content: observation.content }));
    }
    for (const message of observation.messages) evidence.messages.add(message);
  }

  return {
    seen: Array.from(seen, ([{ id }, evidence]) => ({
      id,
      by: gain(evidence),
      messages: inOrder(evidence),
    })),
    added: added.map(({ type, content, messages }) => ({
      type,
      content,
      strength: gain({ messages }),
      messages: inOrder({ messages }),
    })),
  };
}

function inOrder({ messages }: Evidence): number[] {
  return [...messages].sort((left, right) => left - right);
}

function gain({ messages }: Evidence): number {
  return Math.min(MAX_GAIN, messages.size);
}

function mostSimilar<Pattern extends { type: string; content: string }>(
  patterns: readonly Pattern[],
  { type, content }: ObservedPattern,
): Pattern | undefined {
  let best: Pattern | undefined;
  let most = 0;
  for (const pattern of patterns) {
    if (pattern.type !== type) continue;
    const alike = similarity(pattern.content, content);
    if (alike >= SIMILAR_FROM && alike > most) [best, most] = [pattern, alike];
  }
  return best;
}
