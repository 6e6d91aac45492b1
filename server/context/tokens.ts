import { estimateTokenCount } from "tokenx";

// Estimating takes longer than everything else in a warm build, and the same lines come back with every message.
const known = new Map<string, number>();
const KNOWN_LIMIT = 10_000;

/**
 * Estimated tokens of a text. Counts by script (Hebrew, CJK, emoji and Latin differ by a factor of four), so the
 * estimate holds where characters ÷ 4 does not.
 */
export function estimateTokens(text: string): number {
  const remembered = known.get(text);
  if (remembered !== undefined) return remembered;
  const tokens = estimateTokenCount(text);
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(text, tokens);
  return tokens;
}
