import Anthropic, { APIConnectionError, APIError, APIUserAbortError } from "@anthropic-ai/sdk";
import type { TokenUsage } from "@/server/model/token-usage";
import { addUsage, NO_USAGE, toTokenUsage } from "@/server/model/token-usage";
import { CREATE_DREAM, runToolCall } from "./create-dream-tool";
import { INSTRUCTIONS } from "./prompt";
import type { ReplyRequest, Voice, VoiceEvent } from "./voice";
import { VoiceError } from "./voice";

export interface AnthropicVoiceOptions {
  apiKey: string;
  baseUrl: string | undefined;
  model: string;
}

const MAX_REPLY_TOKENS = 1_024;
/** How often one reply may call tools and go on. */
const MAX_TURNS = 4;
const FIRST_BYTE_TIMEOUT_MS = 30_000;
const BREAKPOINT = { type: "ephemeral" } as const;

/** Replies written by an Anthropic model. Failures before the first word are retried by the SDK, with backoff. */
export function createAnthropicVoice({ apiKey, baseUrl, model }: AnthropicVoiceOptions): Voice {
  // The log of the SDK quotes responses that it cannot parse, and those contain what the person wrote.
  const client = new Anthropic({
    apiKey,
    baseURL: baseUrl ?? null,
    timeout: FIRST_BYTE_TIMEOUT_MS,
    maxRetries: 2,
    logLevel: "off",
  });

  async function* reply(request: ReplyRequest): AsyncGenerator<VoiceEvent> {
    const parameters = toParameters(model, request);
    let usage = NO_USAGE;
    let capped = false;
    try {
      for (let turn = 1; ; turn += 1) {
        const stream = client.messages.stream(parameters, { signal: request.signal });
        for await (const event of stream) {
          if (event.type === "message_start") {
            yield { type: "usage", usage: addUsage(usage, toTokenUsage(event.message.usage)) };
          }
          if (event.type !== "content_block_delta" || event.delta.type !== "text_delta") continue;
          yield { type: "text", delta: event.delta.text };
        }
        const message = await stream.finalMessage();
        usage = addUsage(usage, toTokenUsage(message.usage));
        capped = message.stop_reason === "max_tokens" || message.stop_reason === "model_context_window_exceeded";
        if (message.stop_reason === "refusal") throw new VoiceError("refused");
        const calls = message.content.filter((block) => block.type === "tool_use");
        if (message.stop_reason !== "tool_use" || turn === MAX_TURNS) break;

        const results: Anthropic.ToolResultBlockParam[] = [];
        for (const call of calls) {
          const { result, created } = await runToolCall(call, request.createDream);
          results.push(result);
          if (created) yield { type: "dream", dream: created };
        }
        parameters.messages.push({ role: "assistant", content: message.content }, { role: "user", content: results });
        // What is said after a tool is a paragraph of its own.
        if (message.content.some((block) => block.type === "text" && block.text !== ""))
          yield { type: "text", delta: "\n\n" };
      }
    } catch (error) {
      throw toVoiceError(error);
    }
    yield { type: "end", usage, capped };
  }

  async function warm({
    signal,
    ...prompt
  }: Pick<ReplyRequest, "context" | "history" | "signal">): Promise<TokenUsage> {
    const parameters = toParameters(model, prompt);
    // Behind the last breakpoint, so it is not part of what is kept.
    parameters.messages.push({ role: "user", content: "…" });
    try {
      const stream = client.messages.stream({ ...parameters, max_tokens: 1 }, { signal, maxRetries: 0 });
      const { usage } = await stream.finalMessage();
      return toTokenUsage(usage);
    } catch (error) {
      throw toVoiceError(error);
    }
  }

  return { kind: "model", model, reply, promptCache: { minimumTokens: minimumCachedTokens(model), warm } };
}

/**
 * The shortest prompt that Anthropic keeps. It differs between the models of a family; taken is the largest, because a
 * prompt that is sent ahead and not kept is paid for twice.
 */
function minimumCachedTokens(model: string): number {
  return /opus|haiku/.test(model) ? 4_096 : 2_048;
}

/**
 * Tools and the fixed instructions first, the context second, the history third, each with its own cache breakpoint: a
 * changed context leaves the instructions cached, a new turn leaves everything before it cached. The day stands behind
 * the last breakpoint, so that no prompt differs by it in what is kept.
 */
export function toParameters(
  model: string,
  { context, history, today }: Pick<ReplyRequest, "context" | "history"> & Partial<Pick<ReplyRequest, "today">>,
): Anthropic.MessageStreamParams {
  // A reply that only kept a dream said nothing, and the API refuses a message without words.
  const said = history.filter(({ content }) => content.trim() !== "");
  return {
    model,
    max_tokens: MAX_REPLY_TOKENS,
    tools: [CREATE_DREAM],
    system: [
      { type: "text", text: INSTRUCTIONS, cache_control: BREAKPOINT },
      { type: "text", text: context.text, cache_control: BREAKPOINT },
    ],
    messages: said.map(({ role, content }, index) => ({
      role,
      content: index === said.length - 1 ? lastContent(content, today) : [{ type: "text", text: content }],
    })),
  };
}

function lastContent(content: string, today: string | undefined): Anthropic.TextBlockParam[] {
  const kept: Anthropic.TextBlockParam = { type: "text", text: content, cache_control: BREAKPOINT };
  return today === undefined ? [kept] : [kept, { type: "text", text: today }];
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
