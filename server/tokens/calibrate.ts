import type { Cache, CachePolicy } from "@/server/cache";
import { entry } from "@/server/cache";
import { SAMPLES } from "./samples";
import type { TokenCounter } from "./token-counter";

export interface CalibrateOptions {
  tokens: TokenCounter;
  /** Asks the model how many tokens a message of this text has, including the overhead of every request. */
  countRequest(text: string, signal: AbortSignal): Promise<number>;
  /** Keeps the answers for all processes. */
  cache: Pick<Cache, "read">;
}

/** A model does not change how it counts. A day limits how long a wrong answer lasts. */
const DAILY: CachePolicy = {
  ttlMs: 24 * 60 * 60_000,
  version: 1,
  refreshAheadFraction: 0,
  failSafeMs: 0,
  loadHardTimeoutMs: 30_000,
};

/**
 * Learns from the model's counts of a sample in each script. Asks once a day for all processes together, and sends
 * nothing about any person.
 * @throws when the vocabulary cannot be read or the model does not answer; what was learned from bills stays.
 */
export async function calibrate({ tokens, countRequest, cache }: CalibrateOptions): Promise<void> {
  await tokens.load();
  const samples = Object.values(SAMPLES);
  const tokensOfSamples = entry({
    name: `tokens:${tokens.model}`,
    policy: DAILY,
    load: async (_input, signal) => {
      const [besides, ...counted] = await Promise.all(["a", ...samples].map((text) => countRequest(text, signal)));
      // The text "a" is one token.
      return counted.map((count) => count - (besides ?? 0) + 1);
    },
  });
  const { value: counts } = await cache.read(tokensOfSamples);
  for (const [at, sample] of samples.entries()) tokens.learnSample(sample, counts[at] ?? 0);
}
