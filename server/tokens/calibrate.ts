import type { Cache, CachePolicy } from "@/server/cache";
import { SAMPLES } from "./samples";
import type { TokenCounter } from "./token-counter";

export interface CalibrateOptions {
  tokens: TokenCounter;
  /** Asks the model how many tokens a message of this text has, whatever every request takes besides included. */
  countRequest(text: string, signal: AbortSignal): Promise<number>;
  /** Keeps the answers for all processes. */
  cache: Pick<Cache, "getOrSet">;
}

/** A model does not change how it counts; a day bounds how long a wrong answer could last. */
const DAILY: CachePolicy = {
  ttlMs: 24 * 60 * 60_000,
  version: 1,
  refreshAheadFraction: 0,
  failSafeMs: 0,
  loadHardTimeoutMs: 30_000,
};

/**
 * Learns from what the model counts in a sample of each writing. Asks it once a day, for all processes together, and says
 * nothing of anybody.
 * @throws when the vocabulary cannot be read or the model does not answer; what was learned from bills stays.
 */
export async function calibrate({ tokens, countRequest, cache }: CalibrateOptions): Promise<void> {
  await tokens.load();
  const samples = Object.values(SAMPLES);
  const { value: counts } = await cache.getOrSet(
    `tokens:${tokens.model}`,
    async (signal) => {
      const [besides, ...counted] = await Promise.all(["a", ...samples].map((text) => countRequest(text, signal)));
      // The text that everything else is counted from is one token.
      return counted.map((count) => count - (besides ?? 0) + 1);
    },
    DAILY,
  );
  for (const [at, sample] of samples.entries()) tokens.learnSample(sample, counts[at] ?? 0);
}
