import type { Cache, CachePolicy } from "@/server/cache";
import { stableHash } from "@/server/cache";
import type { ClarifyContext } from "@/server/clarify/sections";
import { countTokens } from "@/server/model/metrics";
import { inSpan } from "@/server/telemetry/spans";
import type { Telemetry } from "@/server/telemetry/telemetry";
import type { TokenCounter } from "@/server/tokens/token-counter";
import type { RecentMessages } from "./conversation-store";
import { historyWindow } from "./history";
import type { ConversationMetrics } from "./metrics";
import { INSTRUCTIONS } from "./prompt";
import { countModelFailure } from "./reply-recorder";
import type { Voice } from "./voice";
import { voiceErrorCode } from "./voice";

export interface PrewarmRequest {
  sessionId: string;
  context: ClarifyContext;
  recent: RecentMessages;
  voice: Voice;
  cache: Cache;
  tokens: Pick<TokenCounter, "countLine" | "countMessage">;
  telemetry: Telemetry;
  metrics: ConversationMetrics;
  /** Called only if the model has to be called, because a prompt that is already cached costs nothing. */
  admitted(): Promise<boolean>;
}

/** The provider caches a prompt for five minutes, so one request in that time is enough for all processes. */
const ONCE: CachePolicy = { ttlMs: 5 * 60_000, version: 1, refreshAheadFraction: 0, failSafeMs: 0 };
/**
 * Sends the prompt of the next message, for a reply of one token, so that the model's prompt cache is written while the
 * person is typing. Once per session, prompt and cache lifetime across all processes; never for the offline voice or
 * for a prompt that is too short to be cached.
 * @returns whether the prompt is cached now.
 */
export async function prewarmPrompt(request: PrewarmRequest): Promise<boolean> {
  const { sessionId, context, recent, voice, cache, tokens, telemetry, metrics, admitted } = request;
  const { promptCache } = voice;
  if (promptCache === undefined) return false;
  const history = historyWindow(recent.messages, recent.total, tokens.countMessage);
  const said = history.reduce((sum, { content }) => sum + tokens.countMessage(content), 0);
  if (tokens.countLine(INSTRUCTIONS) + context.tokens + said < promptCache.minimumTokens) return false;

  const prompt = stableHash([voice.model, context.text, recent.summary, history.map(({ id, status }) => [id, status])]);
  const send = (signal: AbortSignal) =>
    inSpan(telemetry, "prewarm", {}, async () => {
      try {
        const usage = await promptCache.warm({ context, history, summary: recent.summary, signal });
        countTokens(metrics, "prewarm", usage);
        return usage;
      } catch (error) {
        countModelFailure(metrics, "prewarm", voiceErrorCode(error));
        throw error;
      }
    });
  const key = `prewarm:${sessionId}:${prompt}`;
  if ((await cache.get(key, ONCE)) !== undefined) return true;
  if (!(await admitted())) return false;
  await cache.getOrSet(key, send, ONCE);
  return true;
}
