import Anthropic, { APIConnectionError, APIError, APIUserAbortError } from "@anthropic-ai/sdk";
import { INSTRUCTIONS } from "./prompt";
import type { ReplyRequest, Voice, VoiceEvent } from "./voice";
import { VoiceError } from "./voice";

export interface AnthropicVoiceOptions {
  apiKey: string;
  baseUrl: string | undefined;
  model: string;
}

const MAX_REPLY_TOKENS = 1_024;
const FIRST_BYTE_TIMEOUT_MS = 30_000;
const BREAKPOINT = { type: "ephemeral" } as const;

/** Replies written by an Anthropic model. Failures before the first word are retried by the SDK, with backoff. */
export function createAnthropicVoice({ apiKey, baseUrl, model }: AnthropicVoiceOptions): Voice {
  const client = new Anthropic({ apiKey, baseURL: baseUrl ?? null, timeout: FIRST_BYTE_TIMEOUT_MS, maxRetries: 2 });

  async function* reply(request: ReplyRequest): AsyncGenerator<VoiceEvent> {
    try {
      const stream = client.messages.stream(toParameters(model, request), { signal: request.signal });
      for await (const event of stream) {
        if (event.type !== "content_block_delta" || event.delta.type !== "text_delta") continue;
        yield { type: "text", delta: event.delta.text };
      }
      const { usage, stop_reason } = await stream.finalMessage();
      if (stop_reason === "refusal") throw new VoiceError("refused");
      yield {
        type: "end",
        usage: {
          inputTokens: usage.input_tokens,
          outputTokens: usage.output_tokens,
          cacheReadTokens: usage.cache_read_input_tokens ?? 0,
          cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
        },
      };
    } catch (error) {
      throw toVoiceError(error);
    }
  }

  return { kind: "model", model, reply };
}

/**
 * The fixed instructions first, the context second, the history last, each with its own cache breakpoint: a changed
 * context leaves the instructions cached, a new turn leaves everything before it cached.
 */
export function toParameters(
  model: string,
  { context, history }: Pick<ReplyRequest, "context" | "history">,
): Anthropic.MessageStreamParams {
  return {
    model,
    max_tokens: MAX_REPLY_TOKENS,
    system: [
      { type: "text", text: INSTRUCTIONS, cache_control: BREAKPOINT },
      { type: "text", text: context.text, cache_control: BREAKPOINT },
    ],
    messages: history.map(({ role, content }, index) => ({
      role,
      content: [
        index === history.length - 1
          ? { type: "text", text: content, cache_control: BREAKPOINT }
          : { type: "text", text: content },
      ],
    })),
  };
}

function toVoiceError(error: unknown): VoiceError {
  if (error instanceof VoiceError) return error;
  if (error instanceof APIUserAbortError) return new VoiceError("aborted");
  if (error instanceof APIConnectionError) return new VoiceError("unreachable");
  if (!(error instanceof APIError)) return new VoiceError("broken");
  if (error.status === 429) return new VoiceError("rate_limited");
  if (error.status === 529 || error.status === 503) return new VoiceError("overloaded");
  if (error.status !== undefined && error.status >= 400 && error.status < 500) return new VoiceError("rejected");
  return new VoiceError("broken");
}
