import type Anthropic from "@anthropic-ai/sdk";
import type { Clock } from "@/server/clock";
import { toModelFailure } from "./failure";
import type { TokenUsage } from "./token-usage";
import { laterUsage, toTokenUsage } from "./token-usage";

/** A tool call of the model. */
export interface ToolCall {
  id: string;
  name: string;
  /** Undefined when the input is not JSON. */
  input: unknown;
}

/** The whole result of one call of the model. */
export interface ModelTurn {
  /** Its content, in the form in which the next call has to repeat it. */
  content: Anthropic.ContentBlockParam[];
  calls: ToolCall[];
  /** May be one that this version does not know. */
  stopReason: string;
  usage: TokenUsage;
}

/** Text as it arrives, tokens as soon as they are known, and the whole turn at the end. */
export type ModelEvent =
  | { type: "text"; delta: string }
  | { type: "usage"; usage: TokenUsage }
  | { type: "turn"; turn: ModelTurn };

export interface StreamOptions {
  /** Sends the request. */
  open(): Promise<AsyncIterable<Anthropic.RawMessageStreamEvent>>;
  clock: Pick<Clock, "now" | "elapsed" | "pause">;
  signal: AbortSignal;
}

const TRIES = 3;
const FIRST_WAIT_MS = 500;
/** No further try begins later than this after the first one, in milliseconds, because the person is waiting. */
const PATIENCE_MS = 5_000;

/**
 * Calls the model. A call that fails for a passing reason before its first word is tried again within a few seconds.
 * @throws what the SDK throws, and the signal's reason.
 */
export async function* streamTurn({ open, clock, signal }: StreamOptions): AsyncGenerator<ModelEvent> {
  const begunAt = clock.elapsed();
  for (let attempt = 1; ; attempt += 1) {
    const reader = new TurnReader();
    let spoke = false;
    try {
      for await (const event of await open()) {
        for (const news of reader.read(event)) {
          spoke ||= news.type === "text";
          yield news;
        }
      }
      // The SDK ends an aborted stream as if it were complete.
      signal.throwIfAborted();
      yield { type: "turn", turn: reader.whole() };
      return;
    } catch (error) {
      const { passing, retryAfterMs } = toModelFailure(error, clock.now());
      const waitMs = retryAfterMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
      const inTime = clock.elapsed() - begunAt + waitMs <= PATIENCE_MS;
      if (spoke || !passing || !inTime || attempt === TRIES || signal.aborted) throw error;
      await clock.pause(waitMs, signal);
    }
  }
}

/** More than any answer within our limits of tokens has, so that an endless one does not fill the memory. */
const MAX_BLOCK_CHARACTERS = 200_000;

/** Assembles the events of one stream. Unknown events are ignored. */
class TurnReader {
  readonly #blocks: Anthropic.ContentBlockParam[] = [];
  readonly #calls: ToolCall[] = [];
  /** The block that is arriving: its text, or the JSON of its input. */
  #arriving: { block: Anthropic.ContentBlock; text: string } | undefined;
  #usage: TokenUsage | undefined;
  #stopReason: string | null = null;

  *read(event: Anthropic.RawMessageStreamEvent): Generator<ModelEvent> {
    switch (event.type) {
      case "message_start":
        this.#usage = toTokenUsage(event.message.usage);
        yield { type: "usage", usage: this.#usage };
        break;
      case "content_block_start":
        this.#arriving = { block: event.content_block, text: "" };
        break;
      case "content_block_delta":
        yield* this.#readDelta(event.delta);
        break;
      case "content_block_stop":
        this.#endBlock();
        break;
      case "message_delta":
        this.#stopReason = event.delta.stop_reason;
        this.#usage &&= laterUsage(this.#usage, event.usage);
    }
  }

  /** @throws when the stream ended before the model had finished. */
  whole(): ModelTurn {
    if (this.#stopReason === null || this.#usage === undefined) throw new Error("The stream ended before its message");
    return { content: this.#blocks, calls: this.#calls, stopReason: this.#stopReason, usage: this.#usage };
  }

  *#readDelta(delta: Anthropic.RawContentBlockDelta): Generator<ModelEvent> {
    if (this.#arriving === undefined) return;
    if (delta.type === "text_delta") {
      // No text may have a NUL in PostgreSQL.
      const text = delta.text.replaceAll("\0", "");
      this.#arriving.text += text;
      if (text !== "") yield { type: "text", delta: text };
    }
    if (delta.type === "input_json_delta") this.#arriving.text += delta.partial_json;
    if (this.#arriving.text.length > MAX_BLOCK_CHARACTERS) throw new Error("The model does not end its answer");
  }

  #endBlock(): void {
    const { block, text } = this.#arriving ?? {};
    this.#arriving = undefined;
    // The API refuses a text without words.
    if (block?.type === "text" && text?.trim()) this.#blocks.push({ type: "text", text });
    if (block?.type !== "tool_use") return;
    const { id, name } = block;
    const input = parseInput(text ?? "");
    this.#calls.push({ id, name, input });
    this.#blocks.push({ type: "tool_use", id, name, input: input ?? {} });
  }
}

/** A tool call without any input has no JSON at all. */
function parseInput(json: string): unknown {
  if (json === "") return {};
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
