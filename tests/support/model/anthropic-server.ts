import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import type Anthropic from "@anthropic-ai/sdk";

/** How the server answers one request to the model. */
export type ModelAnswer =
  | {
      kind: "reply";
      words: readonly string[];
      usage?: Partial<Anthropic.Usage>;
      stopReason?: Anthropic.StopReason;
      /** The model begins to answer after this. */
      thinks?: Promise<void>;
      /** Milliseconds between two words. Default: none. */
      everyMs?: number;
      /** Delays each word, by its number, until this resolves. */
      holds?: (index: number) => Promise<void> | undefined;
      /** Whether it gives signs of life while it says nothing. Default: no. */
      pings?: boolean;
    }
  /** Emits these words, then calls tools. */
  | { kind: "tools"; words: readonly string[]; calls: readonly { name: string; input: unknown }[] }
  /** Emits these words, then reports an error within the stream. */
  | { kind: "fails"; words: readonly string[]; type: string }
  /** Emits these events unchanged, and ends normally. */
  | { kind: "events"; words: readonly string[]; events: readonly object[] }
  /** Emits these words, then hangs until the client leaves. */
  | { kind: "hang"; words: readonly string[]; usage?: Partial<Anthropic.Usage>; pings?: boolean }
  /** Emits these words, then drops the connection. */
  | { kind: "cut"; words: readonly string[] }
  | { kind: "malformed"; words: readonly string[] }
  /** In one piece, for a client that did not ask for a stream. */
  | { kind: "whole"; text: string; stopReason?: Anthropic.StopReason; thinks?: Promise<void> }
  | { kind: "error"; status: number; type: string; message?: string; headers?: Record<string, string> };

export interface ModelServer {
  url: string;
  /** The parameters of every request, in order. */
  requests: Anthropic.MessageStreamParams[];
  /** Answers for the next requests, first in first out; afterwards every request gets `otherwise`. */
  answers: ModelAnswer[];
  otherwise: ModelAnswer | ((request: Anthropic.MessageStreamParams) => ModelAnswer);
  /** Conversations are named in the background, which must not use up a test's answers or be among its requests. */
  titles: { requests: Anthropic.MessageStreamParams[]; answer: ModelAnswer };
  /** Resolves when a client has left a reply before its end. */
  clientLeft: Promise<void>;
  /** Resolves when the next client leaves a reply before its end. */
  nextClientLeft(): Promise<void>;
  close(): Promise<void>;
}

/** The parts of the protocol that the SDK reads; its full types change with every release. */
type StreamEvent =
  | { type: "ping" }
  | { type: "message_start"; message: object }
  | { type: "content_block_start"; index: number; content_block: object }
  | { type: "content_block_delta"; index: number; delta: object }
  | { type: "content_block_stop"; index: number }
  | { type: "message_delta"; delta: object; usage: object }
  | { type: "message_stop" };

const PING_EVERY_MS = 1_000;

/** A small HTTP server that speaks the streaming protocol of Anthropic's Messages API; the real SDK talks to it. */
export async function startModelServer(): Promise<ModelServer> {
  const left = Promise.withResolvers<void>();
  let nextLeft = Promise.withResolvers<void>();
  const http = createServer((request, response) => {
    void answer(request, response);
  });

  function answerTo(body: Anthropic.MessageStreamParams): ModelAnswer {
    if (typeof body.system === "string" && body.system.startsWith("You name a conversation")) {
      model.titles.requests.push(body);
      return model.titles.answer;
    }
    model.requests.push(body);
    const { otherwise } = model;
    return model.answers.shift() ?? (typeof otherwise === "function" ? otherwise(body) : otherwise);
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const body = JSON.parse(await text(request));
    // Like a proxy of the model that serves only messages. Token counts in the background must not use up a test's
    // answers.
    if (request.url?.includes("count_tokens")) {
      response.writeHead(404, { "content-type": "application/json" });
      response.end(JSON.stringify({ type: "error", error: { type: "not_found_error", message: "Not found" } }));
      return;
    }
    const next = answerTo(body);
    response.on("close", () => {
      if (response.writableFinished) return;
      left.resolve();
      nextLeft.resolve();
      nextLeft = Promise.withResolvers();
    });
    if (next.kind === "error") {
      const { status, type, message = "as the test asked", headers = { "retry-after-ms": "1" } } = next;
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify({ type: "error", error: { type, message } }));
      return;
    }
    if (next.kind === "whole") {
      const { text, stopReason = "end_turn", thinks } = next;
      await thinks;
      const usage = { input_tokens: 10, output_tokens: 10 };
      const whole = {
        id: "msg_test",
        type: "message",
        role: "assistant",
        model: body.model,
        stop_sequence: null,
        usage,
      };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ ...whole, content: [{ type: "text", text }], stop_reason: stopReason }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (event: StreamEvent) => response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    if ("pings" in next && next.pings) {
      const ping = setInterval(() => send({ type: "ping" }), PING_EVERY_MS);
      response.on("close", () => clearInterval(ping));
    }
    const usage = { input_tokens: 10, output_tokens: 0, ...("usage" in next && next.usage) };
    const message = { id: "msg_test", type: "message", role: "assistant", model: body.model, content: [], usage };
    send({ type: "message_start", message });
    if (next.kind === "reply") await next.thinks;
    send({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } });
    const everyMs = next.kind === "reply" ? next.everyMs : undefined;
    for (const [index, word] of next.words.entries()) {
      if (next.kind === "reply") await next.holds?.(index);
      if (everyMs !== undefined) await pause(everyMs);
      send({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: word } });
    }
    if (next.kind === "hang") return;
    if (next.kind === "fails") {
      const error = { type: next.type, message: "as the test asked" };
      response.end(`event: error\ndata: ${JSON.stringify({ type: "error", error })}\n\n`);
      return;
    }
    if (next.kind === "events") {
      for (const event of next.events) send(event as StreamEvent);
      response.end();
      return;
    }
    if (next.kind === "cut") {
      response.socket?.end(); // After the text so far, in the middle of the body.
      return;
    }
    if (next.kind === "malformed") {
      // An error about unreadable text would quote it.
      response.end(`event: content_block_delta\ndata: {not json ${next.words.join("")}\n\n`);
      return;
    }
    send({ type: "content_block_stop", index: 0 });
    const calls = next.kind === "tools" ? next.calls : [];
    calls.forEach(({ name, input }, call) => {
      const index = call + 1;
      const block = { type: "tool_use", id: `toolu_${index}`, name, input: {} };
      send({ type: "content_block_start", index, content_block: block });
      const delta = { type: "input_json_delta", partial_json: JSON.stringify(input) };
      send({ type: "content_block_delta", index, delta });
      send({ type: "content_block_stop", index });
    });
    const stopReason = next.kind === "reply" ? (next.stopReason ?? "end_turn") : "tool_use";
    send({
      type: "message_delta",
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: next.words.length },
    });
    send({ type: "message_stop" });
    response.end();
  }

  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const model: ModelServer = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    answers: [],
    titles: { requests: [], answer: { kind: "reply", words: ["A conversation"], usage: { input_tokens: 0 } } },
    otherwise: { kind: "reply", words: ["I ", "hear ", "you."] },
    clientLeft: left.promise,
    nextClientLeft: () => nextLeft.promise,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return model;
}
