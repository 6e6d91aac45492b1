import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, it } from "vitest";
import type { Clock } from "@/server/clock";
import { systemClock } from "@/server/clock";
import type { Message } from "@/server/conversation/events";
import { collect } from "@/tests/support/collect";
import { createSqlClient } from "@/tests/support/database/sql";
import { ManualTime } from "@/tests/support/manual-time";
import type { ModelAnswer, ModelServer } from "@/tests/support/model/anthropic-server";
import type { World } from "./world";
import { createWorld, eachTestHasWorld, spoken } from "./world";

const stack = inject("stack");
const sql = createSqlClient(stack);

let model: ModelServer;
let world: World;
/** The waits between tries, in milliseconds; they take no real time. */
let waits: number[];
const clock: Clock = { ...systemClock, pause: async (ms) => void waits.push(ms) };
beforeEach(() => {
  waits = [];
});
eachTestHasWorld((arrived) => {
  world = arrived;
  ({ model } = arrived);
}, clock);

async function storedReply(): Promise<Message | undefined> {
  const { items } = await world.app.as(world.person).messages.list({ sessionId: world.sessionId });
  return items.find(({ role }) => role === "assistant");
}

/** How often each label was counted. */
async function counted(name: "clarify.model_failures" | "clarify.replies", label: "code" | "outcome") {
  const snapshot = await world.app.services.telemetry.snapshot();
  return Object.fromEntries((snapshot.values[name] ?? []).map(({ labels, value }) => [labels[label], value]));
}

const endTurn = (stop_reason: string) => [
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 2 } },
  { type: "message_stop" },
];

const callWith = (json: string) => [
  { type: "content_block_stop", index: 0 },
  {
    type: "content_block_start",
    index: 1,
    content_block: { type: "tool_use", id: "t1", name: "create_dream", input: {} },
  },
  { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: json } },
  { type: "content_block_stop", index: 1 },
  { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null }, usage: { output_tokens: 2 } },
  { type: "message_stop" },
];

const UNKNOWN_EVENTS = [
  { type: "moon_phase", waning: true },
  { type: "content_block_start", index: 1, content_block: { type: "daydream", colour: "blue" } },
  { type: "content_block_delta", index: 1, delta: { type: "daydream_delta", shade: "dark" } },
  { type: "content_block_stop", index: 1 },
  ...endTurn("moonrise"),
];

const error = (status: number, type: string, message?: string): ModelAnswer => ({
  kind: "error",
  status,
  type,
  ...(message !== undefined && { message }),
});
const three = (answer: ModelAnswer) => [answer, answer, answer];

interface Case {
  answers: ModelAnswer[];
  /** The message that the person gets instead of a reply, or the status of the reply that they got. */
  sees: RegExp | { status: Message["status"]; content: string };
  /** The code under which the failure is counted. */
  failure?: string;
  /** How many calls of the model are made. */
  calls: number;
}

const CASES: Record<string, Case> = {
  "is overloaded within the stream, before a word": {
    answers: three({ kind: "fails", words: [], type: "overloaded_error" }),
    sees: /The AI is busy right now\. Your message is saved/,
    failure: "overloaded",
    calls: 3,
  },
  "is overloaded within the stream, and then not": {
    answers: [{ kind: "fails", words: [], type: "overloaded_error" }],
    sees: { status: "complete", content: "I hear you." },
    calls: 2,
  },
  "is overloaded after some words": {
    answers: [{ kind: "fails", words: ["I ", "think"], type: "overloaded_error" }],
    sees: { status: "failed", content: "I think" },
    failure: "overloaded",
    calls: 1,
  },
  "is overloaded before the stream": {
    answers: three(error(529, "overloaded_error")),
    sees: /busy right now/,
    failure: "overloaded",
    calls: 3,
  },
  "wants to be asked in an hour": {
    answers: [{ kind: "error", status: 429, type: "rate_limit_error", headers: { "retry-after": "3600" } }],
    sees: /The AI is getting too many messages right now\. Your message is saved\. Please wait 60 minutes\./,
    failure: "rate_limited",
    calls: 1,
  },
  "limits us within the stream, and does not say until when": {
    answers: three({ kind: "fails", words: [], type: "rate_limit_error" }),
    sees: /The AI is getting too many messages right now\. Your message is saved\. Please wait 60 seconds\./,
    failure: "rate_limited",
    calls: 3,
  },
  "says not to be asked again": {
    answers: [{ kind: "error", status: 529, type: "overloaded_error", headers: { "x-should-retry": "false" } }],
    sees: /busy right now/,
    failure: "overloaded",
    calls: 1,
  },
  "fails inside": {
    answers: three(error(500, "api_error")),
    sees: /went wrong before the reply started/,
    failure: "broken",
    calls: 3,
  },
  "does not know our key": {
    answers: [error(401, "authentication_error")],
    sees: /isn't set up correctly/,
    failure: "unauthorized",
    calls: 1,
  },
  "does not take the request": {
    answers: [error(400, "invalid_request_error")],
    sees: /couldn't answer this conversation/,
    failure: "rejected",
    calls: 1,
  },
  "cannot read a prompt as long as this": {
    answers: [error(400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum")],
    sees: /has become too long to answer/,
    failure: "too_long",
    calls: 1,
  },
  "has no room left for a word": {
    answers: [{ kind: "reply", words: [], stopReason: "model_context_window_exceeded" }],
    sees: /has become too long to answer/,
    failure: "too_long",
    calls: 1,
  },
  "has no room left after some words": {
    answers: [{ kind: "reply", words: ["I ", "think"], stopReason: "model_context_window_exceeded" }],
    sees: { status: "interrupted", content: "I think" },
    calls: 1,
  },
  "refuses at once": {
    answers: [{ kind: "reply", words: [], stopReason: "refusal" }],
    sees: { status: "refused", content: "" },
    failure: "refused",
    calls: 1,
  },
  "refuses in the middle": {
    answers: [{ kind: "reply", words: ["I ", "would"], stopReason: "refusal" }],
    sees: { status: "refused", content: "I would" },
    failure: "refused",
    calls: 1,
  },
  "says all that one reply may hold": {
    answers: [{ kind: "reply", words: ["So ", "much"], stopReason: "max_tokens" }],
    sees: { status: "interrupted", content: "So much" },
    calls: 1,
  },
  "pauses its turn": {
    answers: [{ kind: "reply", words: ["Let me ", "see. "], stopReason: "pause_turn" }],
    sees: { status: "complete", content: "Let me see. I hear you." },
    calls: 2,
  },
  "says nothing": {
    answers: [{ kind: "reply", words: [] }],
    sees: /didn't answer this time/,
    failure: "empty",
    calls: 1,
  },
  "says nothing but spaces": {
    answers: [{ kind: "reply", words: [" ", "\n"] }],
    sees: /didn't answer this time/,
    failure: "empty",
    calls: 1,
  },
  "calls a tool with what is not JSON": {
    answers: [{ kind: "events", words: ["Yes."], events: callWith('{"title": "Sa') }],
    sees: { status: "complete", content: "Yes.\n\nI hear you." },
    calls: 2,
  },
  "sends what this version does not know": {
    answers: [{ kind: "events", words: ["I ", "see."], events: UNKNOWN_EVENTS }],
    sees: { status: "complete", content: "I see." },
    calls: 1,
  },
  "ends its stream in the middle of its words": {
    answers: [{ kind: "events", words: ["I ", "think"], events: [] }],
    sees: { status: "failed", content: "I think" },
    failure: "broken",
    calls: 1,
  },
};

describe("a model that", () => {
  it.each(Object.entries(CASES))("%s", async (_what, { answers, sees, failure, calls }) => {
    model.answers.push(...answers);
    const sending = world.send("hello");
    if (sees instanceof RegExp) {
      await expect(sending).rejects.toThrow(sees);
      expect(await storedReply()).toBeUndefined();
    } else {
      expect((await sending).at(-1)).toMatchObject({ type: "message", message: sees });
      expect(await storedReply()).toMatchObject(sees);
    }
    expect(model.requests).toHaveLength(calls);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(5_000);
    expect(await counted("clarify.model_failures", "code")).toEqual(failure === undefined ? {} : { [failure]: 1 });
    const outcome = sees instanceof RegExp ? "unspoken" : sees.status;
    expect(await counted("clarify.replies", "outcome")).toEqual({ [outcome]: 1 });
  });

  it("passes the time to wait from the provider to the page", async () => {
    model.answers.push({ kind: "error", status: 429, type: "rate_limit_error", headers: { "retry-after": "3600" } });
    await expect(world.send("hello")).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
      cause: {
        retryAfterMs: 3_600_000,
        reason: "The AI is getting too many messages right now. Your message is saved.",
      },
    });
  });

  it("is asked again after the provider's waiting time, if that is short", async () => {
    model.answers.push({ kind: "error", status: 429, type: "rate_limit_error", headers: { "retry-after": "2" } });
    expect(spoken(await world.send("hello"))).toBe("I hear you.");
    expect(waits).toEqual([2_000]);
  });

  it("gets an error when it calls a tool with invalid JSON, and nothing is created", async () => {
    model.answers.push({ kind: "events", words: ["Yes."], events: callWith('{"title": "Sa') });
    await world.send("Keep it");
    expect(model.requests[1]?.messages.slice(-2)).toMatchObject([
      { role: "assistant", content: [{ text: "Yes." }, { type: "tool_use", input: {} }] },
      { role: "user", content: [{ is_error: true, content: "The dream was not kept. The input is not JSON." }] },
    ]);
    expect(await sql("select id from public.dreams where user_id = $1", [world.person.id])).toEqual([]);
  });
});

describe("a refused reply", () => {
  const prompt = () => JSON.stringify(model.requests.at(-1)?.messages);

  it("is left out of later prompts with the message that it answers, so that those are not refused too", async () => {
    await world.send("first");
    model.answers.push({ kind: "reply", words: ["I would "], stopReason: "refusal" });
    await world.send("the forbidden thing");
    model.answers.push({ kind: "reply", words: [], stopReason: "refusal" });
    await world.send("the forbidden thing again");
    await world.send("something else");
    expect(prompt()).toMatch(/first.*I hear you.*something else/);
    expect(prompt()).not.toMatch(/forbidden|I would/);
  });

  it("cannot be continued", async () => {
    model.answers.push({ kind: "reply", words: ["I would "], stopReason: "refusal" });
    await world.send("the forbidden thing");
    const refused = await storedReply();
    const { messages } = world.app.as(world.person);
    const events = await collect(await messages.resume({ sessionId: world.sessionId, replyId: refused?.id ?? "" }));
    expect(events.at(-1)).toEqual({ type: "message", message: refused });
    expect(model.requests).toHaveLength(1);
    expect(spoken(await world.send("something else"))).toBe("I hear you.");
  });

  it("is refused as a whole when its rest is refused", async () => {
    model.answers.push({ kind: "cut", words: ["I would "] });
    await world.send("the forbidden thing");
    model.answers.push({ kind: "reply", words: [], stopReason: "refusal" });
    const replyId = (await storedReply())?.id ?? "";
    const { messages } = world.app.as(world.person);
    const events = await collect(await messages.resume({ sessionId: world.sessionId, replyId }));
    await world.app.backgroundDone();
    expect(events.at(-1)).toMatchObject({ message: { content: "I would ", status: "refused" } });
    await world.send("something else");
    expect(prompt()).not.toMatch(/forbidden|I would/);
  });

  it("excludes its message from the search for patterns, which would be refused with it", async () => {
    model.answers.push({ kind: "reply", words: [], stopReason: "refusal" });
    await world.send("the forbidden thing");
    await world.send("something else");
    const waiting = await sql(
      "select content from public.clarify_messages where session_id = $1 and role = 'user' and consolidated_at is null",
      [world.sessionId],
    );
    expect(waiting).toEqual([{ content: "something else" }]);
  });
});

describe("a model that goes silent", () => {
  const SILENCE_MS = 30_000;

  async function silentAfter(words: string[]) {
    const time = new ManualTime();
    world = await createWorld(stack, model, time);
    model.answers.push({ kind: "hang", words });
    const { messages } = world.app.as(world.person);
    const stream = await messages.send({ sessionId: world.sessionId, id: randomUUID(), content: "hello" });
    const events = stream[Symbol.asyncIterator]();
    for (const _ of ["context", ...words]) await events.next();
    return { time, events };
  }

  it("is given up after two words and 30 s of silence; the words are stored, and can be continued", async () => {
    const { time, events } = await silentAfter(["I ", "think "]);
    await time.advance(SILENCE_MS - 1_000);
    const left = model.nextClientLeft();
    await time.advance(1_000);
    await left;
    expect((await events.next()).value).toMatchObject({ message: { content: "I think ", status: "failed" } });
    expect(await counted("clarify.model_failures", "code")).toEqual({ stalled: 1 });
  });

  it("is given up before its first word as well, without blaming the person", async () => {
    const { time, events } = await silentAfter([]);
    const failing = expect(events.next()).rejects.toThrow(
      "The AI stopped responding. Your message is saved; try again.",
    );
    while (model.requests.length === 0) await time.advance(0);
    await time.advance(SILENCE_MS);
    await failing;
    expect(model.requests).toHaveLength(1);
    expect(await counted("clarify.model_failures", "code")).toEqual({ stalled: 1 });
  });
});
