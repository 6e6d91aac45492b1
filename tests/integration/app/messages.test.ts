import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import type { ReplyEvent } from "@/server/conversation/events";
import { INSTRUCTIONS } from "@/server/conversation/prompt";
import { collect } from "@/tests/support/collect";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");

let model: ModelServer;
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.close());

let app: TestApp;
let person: Person;
let sessionId: string;
beforeEach(async () => {
  model.requests.length = 0;
  const voice = createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock: systemClock });
  app = createTestApp({ stack, voice });
  person = await createPerson(stack, { name: "Noa" });
  sessionId = (await app.as(person).sessions.create({})).id;
});

async function send(content: string, id = randomUUID(), to = app): Promise<ReplyEvent[]> {
  const events = await collect(await to.as(person).messages.send({ sessionId, id, content }));
  await to.backgroundDone();
  return events;
}

const spoken = (events: ReplyEvent[]) =>
  events.flatMap((event) => (event.type === "text" ? [event.delta] : [])).join("");

describe("messages.send", () => {
  it("streams the context, the words and the stored reply, in this order", async () => {
    const events = await send("I think of the sea");
    expect(events.map(({ type }) => type)).toEqual(["context", "text", "text", "text", "message"]);
    expect(events[0]).toMatchObject({ context: { budget: 8_000, sections: { length: 5 } } });
    expect(spoken(events)).toBe("I hear you.");
    expect(events.at(-1)).toMatchObject({
      message: { role: "assistant", content: "I hear you.", status: "complete", model: "claude-test" },
    });

    const { items } = await app.as(person).messages.list({ sessionId });
    expect(items.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      "user: I think of the sea",
      "assistant: I hear you.",
    ]);
    expect(items[1]?.replyTo).toBe(items[0]?.id);
    expect(await app.as(person).sessions.get({ sessionId })).toMatchObject({
      title: "I think of the sea",
      messageCount: 2,
    });
  });

  it("sends the fixed instructions first, the context second, the history third, each with its breakpoint, and the day last", async () => {
    await send("first");
    await send("second");
    const [, request] = model.requests;
    expect(request?.system).toEqual([
      { type: "text", text: INSTRUCTIONS, cache_control: { type: "ephemeral" } },
      { type: "text", text: expect.stringContaining("Name: Noa"), cache_control: { type: "ephemeral" } },
    ]);
    expect(request?.messages).toEqual([
      { role: "user", content: [{ type: "text", text: "first" }] },
      { role: "assistant", content: [{ type: "text", text: "I hear you." }] },
      {
        role: "user",
        content: [
          { type: "text", text: "second", cache_control: { type: "ephemeral" } },
          { type: "text", text: expect.stringMatching(/^<today>It is \w+day \d+ \w+ 20\d\d\.<\/today>$/) },
        ],
      },
    ]);
  });

  it("finds its context in the cache, message after message", async () => {
    await app.as(person).clarifyContext.get({ sessionId });
    await app.backgroundDone();
    for (const content of ["one", "two", "three"]) {
      const [first] = await send(content);
      const sources = first?.type === "context" ? first.context.sections.map(({ source }) => source) : [];
      expect(sources).toEqual(Array(5).fill("fresh"));
    }
  });

  it("reads the history and stores the message in one round trip", async () => {
    const seen: string[] = [];
    const counting: typeof fetch = (input, init) => {
      seen.push(new URL(String(input)).pathname);
      return fetch(input, init);
    };
    const counted = createTestApp({ stack, databaseFetch: counting });
    await counted.as(person).clarifyContext.get({ sessionId });
    await counted.backgroundDone();
    seen.length = 0;
    const stream = await counted.as(person).messages.send({ sessionId, id: randomUUID(), content: "hello" });
    await stream[Symbol.asyncIterator]().next();
    expect(seen).toEqual(["/rest/v1/rpc/begin_message"]);
    await counted.backgroundDone();
  });

  it("stores a message that is sent twice once, and answers it once", async () => {
    const id = randomUUID();
    const first = await send("only once", id);
    const again = await send("only once", id);
    expect(model.requests).toHaveLength(1);
    expect(again.map(({ type }) => type)).toEqual(["context", "message"]);
    expect(again.at(-1)).toEqual(first.at(-1));
    expect((await app.as(person).messages.list({ sessionId })).items).toHaveLength(2);
  });

  it("refuses an id that another message has", async () => {
    const id = randomUUID();
    await send("one text", id);
    await expect(send("another text", id)).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it.each([
    [{ content: "" }, "BAD_REQUEST", /at least one character/],
    [{ content: " \n " }, "BAD_REQUEST", /at least one character/],
    [{ content: "x".repeat(5_000) }, "BAD_REQUEST", /at most 4000 characters/],
    [{ id: "not-an-id" }, "BAD_REQUEST", /id/],
    [{ sessionId: "not-an-id" }, "BAD_REQUEST", /sessionId/],
    [{ sessionId: "00000000-0000-4000-8000-000000000000" }, "NOT_FOUND", /does not exist, or it is not yours/],
  ])("refuses %o with an error of its own", async (change, code, message) => {
    const input = { sessionId, id: randomUUID(), content: "hello", ...change };
    const sending = (async () => collect(await app.as(person).messages.send(input)))();
    await expect(sending).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(model.requests).toHaveLength(0);
  });

  it("takes exactly 4,000 characters", async () => {
    expect((await send("x".repeat(4_000))).at(-1)?.type).toBe("message");
  });

  it("refuses another person's session and a person who is not signed in", async () => {
    const stranger = await createPerson(stack);
    const input = { sessionId, id: randomUUID(), content: "hello" };
    const foreign = (async () => collect(await app.as(stranger).messages.send(input)))();
    await expect(foreign).rejects.toMatchObject({ code: "NOT_FOUND" });
    const anonymous = (async () => collect(await app.as(null).messages.send(input)))();
    await expect(anonymous).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    expect(await app.as(person).sessions.get({ sessionId })).toMatchObject({ messageCount: 0 });
  });
});

describe("when the model fails", () => {
  it.each([
    [401, "authentication_error", "BAD_GATEWAY", 1],
    [429, "rate_limit_error", "TOO_MANY_REQUESTS", 3],
    [500, "api_error", "BAD_GATEWAY", 3],
    [529, "overloaded_error", "SERVICE_UNAVAILABLE", 3],
  ] as const)(
    "with %i before the first word, the message is kept and can be retried",
    async (status, type, code, tries) => {
      const id = randomUUID();
      model.answers.push(...Array.from({ length: tries }, () => ({ kind: "error", status, type }) as const));
      await expect(send("hello", id)).rejects.toMatchObject({
        code,
        message: expect.stringContaining("Your message is saved"),
      });
      expect(model.requests).toHaveLength(tries);
      expect((await app.as(person).messages.list({ sessionId })).items).toHaveLength(1);

      expect(spoken(await send("hello", id))).toBe("I hear you.");
      expect((await app.as(person).messages.list({ sessionId })).items).toHaveLength(2);
    },
  );

  it.each([
    ["drops the connection", { kind: "cut", words: ["I ", "hear "] }],
    ["sends an event that is not JSON", { kind: "malformed", words: ["I ", "hear "] }],
  ] as const)("and %s after some words, they are kept and marked", async (_what, answer) => {
    model.answers.push(answer);
    const events = await send("hello");
    expect(events.at(-1)).toMatchObject({ type: "message", message: { content: "I hear ", status: "failed" } });
  });

  it("logs a code, and no text of the conversation", async () => {
    model.answers.push({ kind: "cut", words: ["My own ", "secret"] });
    await send("a very private thing");
    expect(app.logLines().some(({ msg, code }) => msg === "reply ended early" && code !== undefined)).toBe(true);
    expect(JSON.stringify(app.logLines())).not.toMatch(/private thing|secret/);
  });
});

describe("when the person stops a reply in the middle", () => {
  it("stops the model, and stores the text so far as interrupted", async () => {
    model.answers.push({ kind: "hang", words: ["I ", "hear "] });
    const stream = await app.as(person).messages.send({ sessionId, id: randomUUID(), content: "hello" });
    const iterator = stream[Symbol.asyncIterator]();
    for (const expected of ["context", "text", "text"]) expect((await iterator.next()).value?.type).toBe(expected);
    await app.as(person).messages.stop({ sessionId });
    await model.clientLeft;
    expect((await iterator.next()).value).toMatchObject({ type: "message", message: { status: "interrupted" } });
    const { items } = await app.as(person).messages.list({ sessionId });
    expect(items[1]).toMatchObject({ content: "I hear ", status: "interrupted" });
  });
});

describe("the offline voice", () => {
  it("answers from the context, and is marked as the offline voice", async () => {
    const offline = createTestApp({ stack });
    await person.database.from("dreams").insert({ user_id: person.id, title: "Learn to sail" });
    const events = await send("I think of the sea", randomUUID(), offline);
    expect(spoken(events)).toContain("I think of the sea");
    expect(spoken(events)).toContain("Learn to sail");
    expect(events.at(-1)).toMatchObject({ message: { model: "offline", status: "complete" } });
  });

  it("answers in Hebrew when written to in Hebrew", async () => {
    expect(spoken(await send("אני חושבת על הים", randomUUID(), createTestApp({ stack })))).toContain("אני שומעת");
  });
});

describe("messages.list", () => {
  it("has the first message of a conversation that begins while it is read", async () => {
    const proxy = await startFaultProxy(stack.url);
    const behind = createTestApp({ stack: { ...stack, url: proxy.url } });
    const begun = { sessionId: randomUUID(), id: randomUUID(), content: "First", opens: { offRecord: false } };
    proxy.inject({ kind: "hold", applied: true }, /GET \/rest\/v1\/clarify_messages/);
    const listed = behind.as(person).messages.list({ sessionId: begun.sessionId });
    await expect.poll(() => proxy.requests.some(({ answered }) => answered)).toBe(true);
    await collect(await app.as(person).messages.send(begun));
    proxy.heal();
    expect((await listed).items[0]).toMatchObject({ role: "user", content: "First" });
    await proxy.close();
  });

  it("pages back in time, oldest first within a page", async () => {
    for (let turn = 1; turn <= 4; turn += 1) await send(`message ${turn}`);
    const { messages } = app.as(person);
    const newest = await messages.list({ sessionId, limit: 3 });
    const older = await messages.list({ sessionId, limit: 10, cursor: newest.nextCursor });
    expect(older.nextCursor).toBeNull();
    const all = [...older.items, ...newest.items];
    expect(all.filter(({ role }) => role === "user").map(({ content }) => content)).toEqual([
      "message 1",
      "message 2",
      "message 3",
      "message 4",
    ]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(8);
  });

  it("distinguishes an empty conversation from one that does not exist", async () => {
    const { messages } = app.as(person);
    expect(await messages.list({ sessionId })).toEqual({ items: [], nextCursor: null });
    await expect(messages.list({ sessionId: randomUUID() })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
