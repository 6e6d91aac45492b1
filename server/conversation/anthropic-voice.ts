import Anthropic from "@anthropic-ai/sdk";
import type { Clock } from "@/server/clock";
import { toModelFailure } from "@/server/model/failure";
import { failWhenSilent } from "@/server/model/silence";
import type { ModelTurn } from "@/server/model/stream";
import { streamTurn } from "@/server/model/stream";
import type { TokenUsage } from "@/server/model/token-usage";
import { addUsage, inputTokensOf, NO_USAGE, toTokenUsage } from "@/server/model/token-usage";
import type { PromptTexts } from "@/server/tokens/token-counter";
import { toSummaryRequest } from "./anthropic-summary";
import { toTitleRequest } from "./anthropic-title";
import { CARE_INSTRUCTION } from "./care";
import { CREATE_DREAM, pastCalls, pastResults, runToolCall } from "./create-dream-tool";
import { INSTRUCTIONS } from "./prompt";
import { summaryBlock } from "./running-summary";
import type {
  HistoryMessage,
  ReplyEnding,
  ReplyRequest,
  Summary,
  SummaryRequest,
  TitleRequest,
  Voice,
  VoiceEvent,
} from "./voice";
import { VoiceError } from "./voice";

export interface AnthropicVoiceOptions {
  apiKey: string;
  baseUrl: string | undefined;
  model: string;
  clock: Clock;
  /** Called for each request with its texts and with all input tokens that are charged for it, cached ones included. */
  onBill?: (texts: PromptTexts, inputTokens: number) => void;
}

/** The parameters of a call of the model, except for its messages. */
type Prompt = Omit<Anthropic.MessageCreateParamsNonStreaming, "stream">;

const MAX_REPLY_TOKENS = 1_024;
/** How many turns one reply may take; each call of tools begins another. */
const MAX_TURNS = 4;
const LAST_TURN = { turns: MAX_TURNS, spoke: true };
/**
 * How long the API may send nothing, neither an answer nor an event, in milliseconds. It sends pings while the model
 * thinks.
 */
const SILENCE_MS = 30_000;
const BREAKPOINT = { type: "ephemeral" } as const;

/** Replies written by an Anthropic model. */
export function createAnthropicVoice({ apiKey, baseUrl, model, clock, onBill }: AnthropicVoiceOptions): Voice {
  const client = new Anthropic({
    apiKey,
    baseURL: baseUrl ?? null,
    fetch: failWhenSilent(fetch, { silenceMs: SILENCE_MS, clock }),
    // The SDK neither retries failures within a stream nor knows how long a person waits, so we retry ourselves.
    maxRetries: 0,
    // The log of the SDK quotes responses that it cannot parse, and those contain what the person wrote.
    logLevel: "off",
  });

  async function* reply(request: ReplyRequest): AsyncGenerator<VoiceEvent> {
    const { signal } = request;
    const parameters = toParameters(model, request);
    const open = () => client.messages.create({ ...parameters, stream: true }, { signal });
    let usage = NO_USAGE;
    let ending: ReplyEnding | undefined;
    let spoke = false;
    let paragraphEnded = false;
    try {
      for (let turns = 1; ending === undefined; turns += 1) {
        for await (const event of streamTurn({ open, clock, signal })) {
          if (event.type === "usage") {
            yield { type: "usage", usage: addUsage(usage, event.usage) };
          } else if (event.type === "text") {
            if (paragraphEnded) yield { type: "text", delta: "\n\n" };
            paragraphEnded = false;
            spoke = true;
            yield event;
          } else {
            // Later turns also contain tool calls, whose text form is not known here.
            if (turns === 1) onBill?.(textsOf(parameters), inputTokensOf(event.turn.usage));
            usage = addUsage(usage, event.turn.usage);
            ending = endingOf(event.turn, { turns, spoke });
            if (ending === undefined) yield* goOn(event.turn, parameters, request);
            // Text after a tool call is a paragraph of its own.
            paragraphEnded = spoke && event.turn.calls.length > 0;
          }
        }
      }
    } catch (error) {
      throw toVoiceError(error, signal);
    }
    yield { type: "end", usage, ending };
  }

  /** Adds the model's turn and the results of its tool calls to the parameters. */
  async function* goOn(
    { content, calls }: ModelTurn,
    { messages }: Prompt,
    { createDream }: ReplyRequest,
  ): AsyncGenerator<VoiceEvent> {
    messages.push({ role: "assistant", content });
    const results: Anthropic.ToolResultBlockParam[] = [];
    for (const call of calls) {
      const { result, created } = await runToolCall(call, createDream);
      results.push(result);
      if (created) yield { type: "dream", dream: created };
    }
    if (results.length > 0) messages.push({ role: "user", content: results });
  }

  async function warm({
    signal,
    ...prompt
  }: Pick<ReplyRequest, "context" | "history" | "summary" | "signal">): Promise<TokenUsage> {
    const parameters = toParameters(model, prompt);
    // After the last cache breakpoint, so it is not cached.
    parameters.messages.push({
      role: "user",
      content: [...pastResults(prompt.history.at(-1)?.dreams), { type: "text", text: "…" }],
    });
    try {
      const stream = client.messages.stream({ ...parameters, max_tokens: 1 }, { signal });
      const usage = toTokenUsage((await stream.finalMessage()).usage);
      onBill?.(textsOf(parameters), inputTokensOf(usage));
      return usage;
    } catch (error) {
      throw toVoiceError(error, signal);
    }
  }

  const summarise = ({ signal, ...request }: SummaryRequest) => ask(toSummaryRequest(model, request), signal);
  const title = ({ signal, ...request }: TitleRequest) => ask(toTitleRequest(model, request), signal);

  /** Asks for a short text, and resolves with all of it. */
  async function ask(parameters: Prompt, signal: AbortSignal): Promise<Summary> {
    const open = () => client.messages.create({ ...parameters, stream: true }, { signal });
    let words = "";
    try {
      for await (const event of streamTurn({ open, clock, signal })) {
        if (event.type === "text") words += event.delta;
        if (event.type !== "turn") continue;
        const { usage } = event.turn;
        return { words: words.trim(), usage, ending: endingOf(event.turn, LAST_TURN) ?? "complete" };
      }
    } catch (error) {
      throw toVoiceError(error, signal);
    }
    throw new VoiceError("broken");
  }

  function toVoiceError(error: unknown, signal: AbortSignal): VoiceError {
    if (error instanceof VoiceError) return error;
    if (signal.aborted) return new VoiceError("aborted");
    const { code, retryAfterMs } = toModelFailure(error, clock.now());
    return new VoiceError(code, retryAfterMs);
  }

  const promptCache = { minimumTokens: minimumCachedTokens(model), warm };
  return { kind: "model", model, reply, promptCache, summarise, title };
}

/**
 * The shortest prompt that Anthropic caches. It differs between the models of a family; this is the largest value,
 * because a prompt that is sent ahead and not cached is paid for twice.
 */
function minimumCachedTokens(model: string): number {
  return /opus|haiku/.test(model) ? 4_096 : 2_048;
}

/**
 * Tools and the fixed instructions come first, then the summary of the messages before the history (which changes every
 * ten messages), the context, and the history, each with its own cache breakpoint. A changed context keeps everything
 * before it cached, a new turn keeps everything. The related items, the date and the word of a crisis come after the last
 * breakpoint, so that they change nothing that is cached.
 */
export function toParameters(
  model: string,
  {
    context,
    history,
    related,
    crisis = null,
    today,
    summary,
  }: Pick<ReplyRequest, "context" | "history" | "related" | "summary"> &
    Partial<Pick<ReplyRequest, "today" | "crisis">>,
): Prompt {
  return {
    model,
    max_tokens: MAX_REPLY_TOKENS,
    tools: [CREATE_DREAM],
    system: [
      { type: "text", text: INSTRUCTIONS, cache_control: BREAKPOINT },
      ...(summary ? [{ type: "text" as const, text: summaryBlock(summary), cache_control: BREAKPOINT }] : []),
      { type: "text", text: context.text, cache_control: BREAKPOINT },
    ],
    messages: toMessages(history, today === undefined ? [] : notesBehind({ related: related ?? null, crisis, today })),
  };
}

/**
 * The history in the form of the API. The dreams that a reply has created appear as the tool calls that created them,
 * so that the model creates none twice.
 */
function toMessages(history: readonly HistoryMessage[], notes: readonly string[]): Anthropic.MessageParam[] {
  // The API refuses an empty message.
  const said = history.filter(({ content, dreams = [] }) => content.trim() !== "" || dreams.length > 0);
  return said.map(({ role, content, dreams }, index) => {
    const text: Anthropic.TextBlockParam[] = content.trim() === "" ? [] : [{ type: "text", text: content }];
    const blocks = [...pastResults(said[index - 1]?.dreams), ...text, ...pastCalls(dreams)];
    return { role, content: index === said.length - 1 ? asLast(blocks, notes) : blocks };
  });
}

/** The texts that a request is charged for. */
function textsOf({ tools, system, messages }: Prompt): PromptTexts {
  const texts = (content: string | undefined | readonly { type: string; text?: string }[]) =>
    typeof content === "string" ? [content] : (content ?? []).flatMap(({ text }) => text ?? []);
  return {
    standing: [JSON.stringify(tools), ...texts(system)],
    said: messages.flatMap(({ content }) => texts(content)),
  };
}

type PastBlock = Anthropic.TextBlockParam | Anthropic.ToolUseBlockParam | Anthropic.ToolResultBlockParam;

/** What the application tells the model behind the message that is answered. */
function notesBehind({
  related,
  crisis,
  today,
}: Pick<ReplyRequest, "crisis" | "today"> & { related: string | null }): string[] {
  const care = crisis === null ? [] : [CARE_INSTRUCTION];
  return [...(related ? [related] : []), today, ...care];
}

/** The blocks of the last message, with the breakpoint, and the notes, which come after everything that is cached. */
function asLast(blocks: readonly PastBlock[], notes: readonly string[]): PastBlock[] {
  const kept = blocks.map((block, index) =>
    index === blocks.length - 1 ? { ...block, cache_control: BREAKPOINT } : block,
  );
  return [...kept, ...notes.map((text) => ({ type: "text" as const, text }))];
}

/**
 * The ending of a reply after this turn; undefined when another turn has to follow.
 * @throws {VoiceError} when the conversation leaves no room for a reply.
 */
function endingOf(
  { stopReason, content }: ModelTurn,
  { turns, spoke }: { turns: number; spoke: boolean },
): ReplyEnding | undefined {
  switch (stopReason) {
    case "refusal":
      return "refused";
    case "max_tokens":
      return "capped";
    case "model_context_window_exceeded":
      if (!spoke) throw new VoiceError("too_long");
      return "capped";
    case "tool_use":
    case "pause_turn":
      return turns < MAX_TURNS && content.length > 0 ? undefined : "complete";
    default:
      return "complete";
  }
}
