import type Anthropic from "@anthropic-ai/sdk";

/** The tokens of a call of the model, by the kinds that its provider charges for. */
export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  /** Input tokens read from, and written to, the model's prompt cache. */
  cacheReadTokens: number;
  cacheWriteTokens: number;
}

export const NO_USAGE: TokenUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

export function addUsage(one: TokenUsage, other: TokenUsage): TokenUsage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
    cacheWriteTokens: one.cacheWriteTokens + other.cacheWriteTokens,
  };
}

/** All tokens of the prompt, including those from the model's prompt cache. */
export function inputTokensOf({ inputTokens, cacheReadTokens, cacheWriteTokens }: TokenUsage): number {
  return inputTokens + cacheReadTokens + cacheWriteTokens;
}

/** The usage of an answer of Anthropic's API, in our form. */
export function toTokenUsage(usage: Anthropic.Usage): TokenUsage {
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_input_tokens ?? 0,
    cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
  };
}

/** The usage after a later report, which counts from the beginning of the answer and leaves out unchanged values. */
export function laterUsage(usage: TokenUsage, later: Anthropic.MessageDeltaUsage): TokenUsage {
  return {
    inputTokens: later.input_tokens ?? usage.inputTokens,
    outputTokens: later.output_tokens ?? usage.outputTokens,
    cacheReadTokens: later.cache_read_input_tokens ?? usage.cacheReadTokens,
    cacheWriteTokens: later.cache_creation_input_tokens ?? usage.cacheWriteTokens,
  };
}
