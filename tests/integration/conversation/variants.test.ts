import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, it } from "vitest";
import { unwrap } from "@/server/database/errors";
import { collect } from "@/tests/support/collect";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { ModelAnswer, ModelServer } from "@/tests/support/model/anthropic-server";
import { heldReply } from "@/tests/support/model/held-reply";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";
import type { World } from "./world";
import { createWorld, eachTestHasWorld, spoken } from "./world";

// The last message answered again, unchanged (regenerate) or reworded (edit).

const stack = inject("stack");
const sql = createSqlClient(stack);

let model: ModelServer;
let world: World;
/** The last message. */
let messageId: string;
eachTestHasWorld((arrived) => {
  world = arrived;
  ({ model } = arrived);
});
beforeEach(async () => {
  messageId = randomUUID();
  await world.send("How are the boats?");
  model.answers.push({ kind: "reply", words: ["The ", "first."] });
  await world.send("And the sea?", { id: messageId });
});

const messages = (app = world.app) => app.as(world.person).messages;
const place = () => ({ sessionId: world.sessionId, messageId });
const stored = async () => (await messages().list({ sessionId: world.sessionId })).items;
const pair = async () => (await stored()).slice(-2).map(({ content }) => content);
const says = (...words: string[]) => model.answers.push({ kind: "reply", words });

async function regenerate({ app = world.app, replyId = randomUUID() }: { app?: TestApp; replyId?: string } = {}) {
  const events = await collect(await messages(app).regenerate({ ...place(), replyId }));
  await app.backgroundDone();
  return events;
}

async function edit(content: string, replyId: string = randomUUID()) {
  const events = await collect(await messages().edit({ ...place(), replyId, content }));
  await world.app.backgroundDone();
  return events;
}

/** The model's last prompt. */
const lastPrompt = () =>
  model.requests
    .at(-1)
    ?.messages.flatMap(({ content }) =>
      typeof content === "string" ? content : content.map((b) => "text" in b && b.text),
    )
    .join("\n");

async function rest<T>(events: AsyncIterator<T>): Promise<T[]> {
  const all: T[] = [];
  for (let next = await events.next(); !next.done; next = await events.next()) all.push(next.value);
  return all;
}

describe("another answer to the last message", () => {
  it("streams like the first, is chosen, and sends the model the message without the previous answer", async () => {
    says("The ", "second.");
    const events = await regenerate();
    expect(events.map(({ type }) => type)).toEqual(["context", "text", "text", "message"]);
    expect(spoken(events)).toBe("The second.");
    expect(events.at(-1)).toMatchObject({
      message: { content: "The second.", replyTo: messageId, variant: { number: 2, of: 2 } },
    });
    expect(lastPrompt()).toContain("And the sea?");
    expect(lastPrompt()).not.toContain("The first.");
    expect((await stored()).map(({ content }) => content)).toEqual([
      "How are the boats?",
      "I hear you.",
      "And the sea?",
      "The second.",
    ]);
  });

  it("keeps the previous answer, and can switch between them", async () => {
    says("The ", "second.");
    await regenerate();
    says("The ", "third.");
    await regenerate();
    expect(await messages().choose({ ...place(), variant: 1 })).toMatchObject({
      message: { content: "And the sea?" },
      reply: { content: "The first.", variant: { number: 1, of: 3 } },
    });
    expect(await pair()).toEqual(["And the sea?", "The first."]);
    await messages().choose({ ...place(), variant: 3 });
    expect(await pair()).toEqual(["And the sea?", "The third."]);
    // Choosing the chosen answer changes nothing.
    await messages().choose({ ...place(), variant: 3 });
    await messages().choose({ ...place(), variant: 2 });
    expect(await pair()).toEqual(["And the sea?", "The second."]);
    const [kept] = await sql("select count(*)::int as count from public.clarify_variants where message_id = $1", [
      messageId,
    ]);
    expect(kept?.count).toBe(2);
    const [session] = await sql("select message_count from public.clarify_sessions where id = $1", [world.sessionId]);
    expect(session?.message_count).toBe(4);
  });

  it("only the chosen answer is in later prompts", async () => {
    says("The ", "second.");
    await regenerate();
    await messages().choose({ ...place(), variant: 1 });
    await world.send("Go on");
    expect(lastPrompt()).toContain("The first.");
    expect(lastPrompt()).not.toContain("The second.");
  });

  it("is written once, even if it is requested again here, in another process or later", async () => {
    const replyId = randomUUID();
    says("The ", "second.");
    const calls = model.requests.length;
    const both = await Promise.all([regenerate({ replyId }), regenerate({ replyId, app: world.anotherApp() })]);
    expect(both.map((events) => events.at(-1))).toEqual([both[0]?.at(-1), both[0]?.at(-1)]);
    expect((await regenerate({ replyId })).at(-1)).toEqual(both[0]?.at(-1));
    await messages().choose({ ...place(), variant: 1 });
    expect((await regenerate({ replyId })).at(-1)).toMatchObject({ message: { content: "The first." } });
    expect(model.requests).toHaveLength(calls + 1);
  });

  it("is written once: another tab and another process get the one that is being written", async () => {
    const { goOn } = heldReply(model, ["The ", "second."]);
    const calls = model.requests.length;
    const first = messages().regenerate({ ...place(), replyId: randomUUID() });
    const events = (await first)[Symbol.asyncIterator]();
    for (let heard = 0; heard < 2; heard += 1) await events.next();
    expect((await stored()).at(-2)).toMatchObject({ role: "user", answering: true });
    const others = [
      messages().regenerate({ ...place(), replyId: randomUUID() }),
      messages(world.anotherApp()).regenerate({ ...place(), replyId: randomUUID() }),
      messages(world.anotherApp()).follow({ sessionId: world.sessionId, messageId }),
    ].map(async (stream) => (await stream)[Symbol.asyncIterator]());
    // Each has begun to hear it before it ends.
    for (const other of others) await (await other).next();
    goOn();
    const ends = await Promise.all(others.map(async (other) => (await rest(await other)).at(-1)));
    await events.return?.(undefined);
    await world.app.backgroundDone();
    for (const end of ends) expect(end).toMatchObject({ type: "message", message: { content: "The second." } });
    expect(model.requests).toHaveLength(calls + 1);
    expect((await stored()).at(-2)).toMatchObject({ answering: false });
  });

  it("blocks the conversation: no message is sent and no answer chosen in the meantime", async () => {
    const { goOn } = heldReply(model, ["The ", "second."]);
    const events = (await messages().regenerate({ ...place(), replyId: randomUUID() }))[Symbol.asyncIterator]();
    for (let heard = 0; heard < 2; heard += 1) await events.next();
    await expect(world.send("And?", { app: world.anotherApp() })).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    await expect(messages().choose({ ...place(), variant: 1 })).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    goOn();
    await events.return?.(undefined);
    await world.app.backgroundDone();
    expect(await pair()).toEqual(["And the sea?", "The second."]);
  });

  it("when stopped, keeps its text beside the previous answer, and can be continued", async () => {
    model.answers.push({ kind: "hang", words: ["The ", "sec"] });
    const events = (await messages().regenerate({ ...place(), replyId: randomUUID() }))[Symbol.asyncIterator]();
    for (let heard = 0; heard < 3; heard += 1) await events.next();
    await messages(world.anotherApp()).stop({ sessionId: world.sessionId, messageId });
    await world.app.backgroundDone();
    const reply = (await stored()).at(-1);
    expect(reply).toMatchObject({ content: "The sec", status: "interrupted", variant: { number: 2, of: 2 } });
    says("ond.");
    await collect(await messages().resume({ sessionId: world.sessionId, replyId: reply?.id ?? "" }));
    await world.app.backgroundDone();
    expect(await pair()).toEqual(["And the sea?", "The second."]);
    await messages().choose({ ...place(), variant: 1 });
    expect(await pair()).toEqual(["And the sea?", "The first."]);
  });

  it.each<[string, ModelAnswer]>([
    ["fails before its first word", { kind: "error", status: 400, type: "invalid_request_error" }],
    ["is refused", { kind: "reply", words: ["I"], stopReason: "refusal" }],
    ["is empty", { kind: "reply", words: [] }],
  ])("that %s leaves the one before it, and the conversation free", async (_what, answer) => {
    model.answers.push(answer);
    await expect(regenerate()).rejects.toThrow();
    expect((await stored()).at(-1)).toMatchObject({ content: "The first.", variant: { number: 1, of: 1 } });
    says("On ", "we go.");
    expect(spoken(await world.send("Go on"))).toBe("On we go.");
  });

  it("is taken over by another process when its own dies, whose late result changes nothing", async () => {
    const { database } = world.person;
    const claim = { p_session_id: world.sessionId, p_message_id: messageId, p_history_limit: 20, p_claim_ms: 60_000 };
    const [lost, reply] = [randomUUID(), randomUUID()];
    unwrap(await database.rpc("begin_variant", { ...claim, p_reply_id: reply, p_claim_token: lost }));
    await sql("update public.clarify_messages set answering_until = now() - interval '1 second' where id = $1", [
      messageId,
    ]);
    says("The ", "second.");
    await regenerate();
    const late = {
      ...{ p_message_id: messageId, p_claim_token: lost, p_question: null, p_reply_id: reply, p_content: "Late" },
      ...{ p_status: "complete" as const, p_model: "claude-test", p_tool_use: null, p_usage: null },
    };
    await expect(database.rpc("store_variant", late).then(unwrap)).rejects.toMatchObject({ code: "conflict" });
    expect(await pair()).toEqual(["And the sea?", "The second."]);
  });

  it("counts as a message, and in the day's tokens", async () => {
    const limited = createTestApp({ stack, voice: world.app.services.voice, messagesPerMinute: 1 });
    says("The ", "second.");
    await regenerate({ app: limited });
    await expect(regenerate({ app: limited })).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    const spent = createTestApp({ stack, voice: world.app.services.voice, tokensPerDay: 1 });
    await expect(regenerate({ app: spent })).rejects.toMatchObject({ message: expect.stringContaining("today's") });
    expect(await pair()).toEqual(["And the sea?", "The second."]);
  });

  it("differs with the offline voice too", async () => {
    const offline = createTestApp({ stack });
    const first = spoken(await regenerate({ app: offline }));
    const second = spoken(await regenerate({ app: offline }));
    expect(second).not.toBe(first);
  });
});

it("another answer whose id is some row's already is refused, and keeps nothing waiting", async () => {
  const other = await createWorld(stack, model);
  await other.send("hello");
  const [row] = await sql("select id from public.clarify_messages where user_id = $1 limit 1", [other.person.id]);
  const before = await pair();
  for (const taken of [String(row?.id), messageId]) {
    for (const asking of [() => regenerate({ replyId: taken }), () => edit("And the harbour?", taken)]) {
      model.requests.length = 0;
      await expect(asking()).rejects.toMatchObject({ code: "CONFLICT" });
      expect(model.requests.length).toBeLessThanOrEqual(1);
    }
  }
  expect(await pair()).toEqual(before);
  // Nothing is left that is tried again, and the conversation goes on.
  await world.app.backgroundDone();
  expect(spoken(await world.send("And now?"))).not.toBe("");
});

it("a reply whose claim is lost again and again is given up after a few calls of the model", async () => {
  const databaseFetch: typeof fetch = async (input, init) =>
    String(input).includes("/rpc/store_variant")
      ? Response.json({ code: "PT409", message: "the claim is not the caller's" }, { status: 409 })
      : fetch(input, init);
  const { voice } = world.app.services;
  const app = createTestApp({ stack, voice, databaseFetch });
  model.requests.length = 0;
  await expect(regenerate({ app })).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
  expect(model.requests).toHaveLength(3);
});

describe("the reworded last message", () => {
  it("is answered in its place, and the previous pair leaves the history", async () => {
    says("The ", "boats lie still.");
    const events = await edit("And the harbour?");
    expect(spoken(events)).toBe("The boats lie still.");
    expect(lastPrompt()).toContain("And the harbour?");
    expect(lastPrompt()).not.toContain("And the sea?");
    expect((await stored()).slice(2)).toMatchObject([
      { id: messageId, role: "user", content: "And the harbour?" },
      { replyTo: messageId, content: "The boats lie still.", variant: { number: 2, of: 2 } },
    ]);
    await world.send("Go on");
    expect(lastPrompt()).toContain("And the harbour?");
    expect(lastPrompt()).not.toContain("And the sea?");
  });

  it("can be undone: choosing the previous answer restores its words", async () => {
    await edit("And the harbour?");
    await messages().choose({ ...place(), variant: 1 });
    expect(await pair()).toEqual(["And the sea?", "The first."]);
    await messages().choose({ ...place(), variant: 2 });
    expect(await pair()).toEqual(["And the harbour?", "I hear you."]);
  });

  it("without an answer changes nothing", async () => {
    model.answers.push({ kind: "error", status: 400, type: "invalid_request_error" });
    await expect(edit("And the harbour?")).rejects.toThrow();
    expect(await pair()).toEqual(["And the sea?", "The first."]);
  });

  it("replaces a message that has no answer yet", async () => {
    messageId = randomUUID();
    model.answers.push({ kind: "error", status: 400, type: "invalid_request_error" });
    await expect(world.send("Where to?", { id: messageId })).rejects.toThrow();
    says("To ", "the sea.");
    await edit("Where do I sail?");
    expect((await stored()).slice(-2)).toMatchObject([
      { id: messageId, content: "Where do I sail?" },
      { content: "To the sea.", variant: { number: 1, of: 1 } },
    ]);
  });

  it("is read for patterns once, whichever of the two is chosen afterwards", async () => {
    await sql("update public.clarify_messages set consolidated_at = now() where id = $1", [messageId]);
    const consolidated = async () =>
      (
        await sql("select consolidated_at is not null as done from public.clarify_messages where id = $1", [messageId])
      )[0]?.done;
    await edit("And the harbour?");
    expect(await consolidated()).toBe(false);
    await messages().choose({ ...place(), variant: 1 });
    expect(await consolidated()).toBe(true);
    await messages().choose({ ...place(), variant: 2 });
    expect(await consolidated()).toBe(false);
  });
});

describe("only the last message of the person's own conversation", () => {
  const attempts = {
    regenerate: (app: TestApp, person = world.person) =>
      app
        .as(person)
        .messages.regenerate({ ...place(), replyId: randomUUID() })
        .then(collect),
    edit: (app: TestApp, person = world.person) =>
      app
        .as(person)
        .messages.edit({ ...place(), replyId: randomUUID(), content: "Other" })
        .then(collect),
    choose: (app: TestApp, person = world.person) => app.as(person).messages.choose({ ...place(), variant: 1 }),
  };

  it.each(Object.entries(attempts))("%s: not an earlier one", async (_what, attempt) => {
    await world.send("Go on");
    const calls = model.requests.length;
    await expect(attempt(world.app)).rejects.toMatchObject({
      code: "CONFLICT",
      message: "You can only do this with the last message of a conversation.",
    });
    expect(model.requests).toHaveLength(calls);
  });

  it.each(Object.entries(attempts))("%s: not another person's", async (_what, attempt) => {
    const stranger = await createPerson(stack);
    await expect(attempt(world.app, stranger)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await pair()).toEqual(["And the sea?", "The first."]);
  });

  it("choose: not an answer that does not exist", async () => {
    await expect(messages().choose({ ...place(), variant: 7 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("a kept pair cannot be written by hand, and is in the person's export", async () => {
    says("The ", "second.");
    await regenerate();
    const { database } = world.person;
    expect(unwrap(await database.from("clarify_variants").delete().eq("message_id", messageId).select("id"))).toEqual(
      [],
    );
    const pieces: string[] = [];
    for await (const piece of await world.app.as(world.person).account.export()) pieces.push(piece);
    expect(JSON.parse(pieces.join("")).clarify_variants).toMatchObject([
      { question: "And the sea?", content: "The first." },
    ]);
  });
});
