import type Anthropic from "@anthropic-ai/sdk";
import type { TokenUsage } from "./voice";

/** What an answer of Anthropic's API took, in our terms. */
export function toTokenUsage(usage: Anthropic.Usage): TokenUsage {
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_input_tokens ?? 0,
    cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
  };
}
