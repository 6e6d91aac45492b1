import Anthropic from "@anthropic-ai/sdk";

export interface RequestCounterOptions {
  apiKey: string;
  baseUrl: string | undefined;
  model: string;
}

/** How long one count may take, in milliseconds. */
const COUNT_TIMEOUT_MS = 10_000;

/** Asks the model how many tokens a request with one message has. This is free of charge. */
export function createRequestCounter({ apiKey, baseUrl, model }: RequestCounterOptions) {
  const client = new Anthropic({ apiKey, baseURL: baseUrl ?? null, timeout: COUNT_TIMEOUT_MS, logLevel: "off" });
  /** @throws what the SDK throws. */
  return async (text: string, signal: AbortSignal): Promise<number> => {
    const messages = [{ role: "user" as const, content: text }];
    return (await client.messages.countTokens({ model, messages }, { signal })).input_tokens;
  };
}
