import { randomUUID } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import { distribution, total } from "@/server/telemetry/snapshot";
import { collect } from "@/tests/support/collect";
import { createSqlClient } from "@/tests/support/database/sql";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { createTestApp } from "@/tests/support/test-app";
import type { World } from "./world";
import { eachTestHasWorld, spoken } from "./world";

const stack = inject("stack");
const sql = createSqlClient(stack);

let model: ModelServer;
let world: World;
eachTestHasWorld((arrived) => {
  world = arrived;
  ({ model } = arrived);
});

async function storedMessages() {
  return (await world.app.as(world.person).messages.list({ sessionId: world.sessionId })).items;
}

/** The usage stored with the reply. */
async function storedTokens() {
  const [row] = await sql(
    `select input_tokens, output_tokens, cache_read_tokens, cache_write_tokens
     from public.clarify_messages where session_id = $1 and role = 'assistant'`,
    [world.sessionId],
  );
  return row;
}

/** The usage in the metrics. */
async function countedTokens(kind: string): Promise<number> {
  const snapshot = await world.app.services.telemetry.snapshot();
  return total(snapshot, "clarify.model_tokens", { kind, purpose: "reply" });
}

const CACHED = { input_tokens: 7, cache_read_input_tokens: 1_200, cache_creation_input_tokens: 90 };

describe("a slow model", () => {
  it("is waited for, while the page already has the context", async () => {
    const thinking = Promise.withResolvers<void>();
    model.answers.push({ kind: "reply", words: ["At ", "last."], thinks: thinking.promise });
    const stream = await world.app
      .as(world.person)
      .messages.send({ sessionId: world.sessionId, id: randomUUID(), content: "hello" });
    const events = stream[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ type: "context" });
    const before = await world.app.services.telemetry.snapshot();
    expect(distribution(before, "clarify.pre_model_ms", { voice: "model" })?.count).toBe(1);
    expect(distribution(before, "clarify.first_token_ms")).toBeUndefined();
    thinking.resolve();
    expect((await events.next()).value).toEqual({ type: "text", delta: "At " });
    const after = await world.app.services.telemetry.snapshot();
    expect(distribution(after, "clarify.first_token_ms", { voice: "model" })?.count).toBe(1);
    expect(spoken(await collect({ [Symbol.asyncIterator]: () => events }))).toBe("last.");
    await world.app.backgroundDone();
  });
});

describe("a model that reaches the length limit of a reply", () => {
  it("leaves an incomplete reply that can be continued", async () => {
    model.answers.push({ kind: "reply", words: ["So much ", "to "], stopReason: "max_tokens" });
    const capped = (await world.send("hello")).at(-1);
    expect(capped).toMatchObject({ message: { content: "So much to ", status: "interrupted" } });
    expect(model.requests[0]).toMatchObject({ max_tokens: 1_024 });

    model.answers.push({ kind: "reply", words: ["say."] });
    const replyId = capped?.type === "message" ? capped.message.id : "";
    const stream = await world.app.as(world.person).messages.resume({ sessionId: world.sessionId, replyId });
    expect((await collect(stream)).at(-1)).toMatchObject({
      message: { content: "So much to say.", status: "complete" },
    });
    await world.app.backgroundDone();
  });
});

describe("a model without an answer", () => {
  it("leaves the message unanswered, so that it can be sent again", async () => {
    const id = randomUUID();
    model.answers.push({ kind: "reply", words: [] });
    await expect(world.send("hello", { id })).rejects.toMatchObject({
      code: "BAD_GATEWAY",
      message: expect.stringContaining("didn't answer this time"),
    });
    expect(spoken(await world.send("hello", { id }))).toBe("I hear you.");
  });

  it("never gets a message without words, which its API would refuse", async () => {
    model.answers.push({ kind: "tools", words: [], calls: [{ name: "create_dream", input: { title: "Sail" } }] });
    model.answers.push({ kind: "reply", words: [] });
    expect((await world.send("Keep it")).at(-1)).toMatchObject({
      message: { content: "", dreams: [{ title: "Sail" }] },
    });
    await world.send("And now?");
    const said = model.requests.at(-1)?.messages.map(({ role, content }) => `${role}: ${JSON.stringify(content)}`);
    expect(said).toEqual([
      expect.stringContaining("Keep it"),
      // The tool call of a reply without text.
      expect.stringMatching(/^assistant: .*"tool_use"/),
      expect.stringMatching(/^user: .*"tool_result".*And now\?/),
    ]);
  });
});

describe("the tokens of a reply", () => {
  it("are stored with it, those of the model's cache separately, and counted", async () => {
    model.answers.push({ kind: "reply", words: ["I ", "hear."], usage: CACHED });
    await world.send("hello");
    expect(await storedTokens()).toEqual({
      input_tokens: 7,
      output_tokens: 2,
      cache_read_tokens: 1_200,
      cache_write_tokens: 90,
    });
    expect(await countedTokens("cache_read")).toBe(1_200);
    expect(await countedTokens("cache_write")).toBe(90);
    expect(await countedTokens("output")).toBe(2);
  });

  it("are the sum of its turns when it called a tool", async () => {
    model.answers.push({ kind: "tools", words: ["Yes."], calls: [{ name: "create_dream", input: { title: "Sail" } }] });
    model.answers.push({ kind: "reply", words: ["Kept."], usage: CACHED });
    await world.send("Keep it");
    expect(await storedTokens()).toMatchObject({ input_tokens: 17, output_tokens: 2, cache_read_tokens: 1_200 });
  });

  it("are known for a reply that was cut off, and grow when it is continued", async () => {
    model.answers.push({ kind: "hang", words: ["I "], usage: CACHED });
    const stream = await world.app
      .as(world.person)
      .messages.send({ sessionId: world.sessionId, id: randomUUID(), content: "hello" });
    const events = stream[Symbol.asyncIterator]();
    for (let count = 0; count < 2; count += 1) await events.next();
    await world.app.as(world.person).messages.stop({ sessionId: world.sessionId });
    await world.app.backgroundDone();
    expect(await storedTokens()).toMatchObject({ input_tokens: 7, cache_read_tokens: 1_200 });
    expect(await countedTokens("cache_read")).toBe(1_200);

    model.answers.push({ kind: "reply", words: ["hear."], usage: CACHED });
    const replyId = (await storedMessages())[1]?.id ?? "";
    await collect(await world.app.as(world.person).messages.resume({ sessionId: world.sessionId, replyId }));
    await world.app.backgroundDone();
    expect(await storedTokens()).toMatchObject({ input_tokens: 14, cache_read_tokens: 2_400 });
  });
});

describe("a tool that fails", () => {
  it("is reported to the model, creates nothing, and the reply goes on", async () => {
    const voice = createAnthropicVoice({
      apiKey: "test",
      baseUrl: model.url,
      model: "claude-test",
      clock: systemClock,
    });
    const withoutDreams: typeof fetch = async (input, init) =>
      String(input).includes("/rest/v1/dreams") && init?.method === "POST"
        ? Response.json({ code: "57014", message: "canceling statement due to statement timeout" }, { status: 500 })
        : fetch(input, init);
    const app = createTestApp({ stack, voice, databaseFetch: withoutDreams });
    model.answers.push({ kind: "tools", words: ["Yes."], calls: [{ name: "create_dream", input: { title: "Sail" } }] });
    const events = await world.send("Keep it", { app });
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({
      content: [{ is_error: true, content: "The dream was not kept. It could not be stored just now." }],
    });
    expect(spoken(events)).toBe("Yes.\n\nI hear you.");
    expect(events.at(-1)).toMatchObject({ message: { dreams: [], status: "complete" } });
  });
});
