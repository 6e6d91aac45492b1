import type { Cache, CachePolicy } from "@/server/cache";
import type { ClarifyContext } from "@/server/clarify/context";
import { estimateTokens } from "@/server/clarify/tokens";
import { stableHash } from "@/server/stable-hash";
import type { RecentMessages } from "./conversation-store";
import { historyWindow } from "./history";
import { INSTRUCTIONS } from "./prompt";
import type { Voice } from "./voice";

export interface PrewarmRequest {
  sessionId: string;
  context: ClarifyContext;
  recent: RecentMessages;
  voice: Voice;
  cache: Cache;
}

/** How long the model's provider keeps a prompt; once in this time is enough, whoever asks. */
const ONCE: CachePolicy = { ttlMs: 5 * 60_000, version: 1, refreshAheadFraction: 0, failSafeMs: 0 };
/** Shorter prompts are not kept by the provider. */
const MINIMUM_PROMPT_TOKENS = 1_024;

/**
 * Sends the prompt that the next message will use, for a reply of one token, so that the model's prompt cache is written
 * while the person is still typing. Once per session, prompt and cache lifetime over all processes; never for the offline
 * voice, nor for a prompt too short to be kept.
 * @returns whether the prompt is warm now.
 */
export async function prewarmPrompt({ sessionId, context, recent, voice, cache }: PrewarmRequest): Promise<boolean> {
  const { warm } = voice;
  if (warm === undefined) return false;
  const history = historyWindow(recent.messages, recent.total);
  const words = history.map(({ content }) => content).join("\n");
  if (estimateTokens(INSTRUCTIONS) + context.tokens + estimateTokens(words) < MINIMUM_PROMPT_TOKENS) return false;

  const prompt = stableHash([voice.model, context.text, history.map(({ id, status }) => [id, status])]);
  await cache.getOrSet(`prewarm:${sessionId}:${prompt}`, async (signal) => warm({ context, history, signal }), ONCE);
  return true;
}
