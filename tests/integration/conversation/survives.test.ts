import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { redisScripts } from "@/server/cache/redis";
import { upstashScripts } from "@/server/cache/upstash";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import type { Message, ReplyEvent } from "@/server/conversation/events";
import { createRedisRelay } from "@/server/conversation/redis-relay";
import { collect } from "@/tests/support/collect";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import { heldReply as pushHeldReply } from "@/tests/support/model/held-reply";
import type { RedisExecutor } from "@/tests/support/redis/executor";
import { likeUpstash } from "@/tests/support/redis/like-upstash";
import { RespServer } from "@/tests/support/redis/resp-server";
import { RestServer } from "@/tests/support/redis/rest-server";
import { standInRedis } from "@/tests/support/redis/stand-in-redis";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";
import { spoken } from "./world";

// A reply belongs to its conversation: it goes on without listeners, can be joined while it grows, and can be stopped,
// from any process. `here` writes it; `elsewhere` is another process over the same database.

const stack = inject("stack");

let model: ModelServer;
let executor: RedisExecutor;
let rest: RestServer;
let resp: RespServer;
beforeAll(async () => {
  model = await startModelServer();
  executor = await standInRedis();
  rest = await RestServer.start({ executor: likeUpstash(executor) });
  resp = await RespServer.start({ executor });
});
afterAll(async () => {
  await model.close();
  await rest.close();
  await resp.close();
  await executor.close();
});

const RELAYS = {
  "the database": () => undefined,
  "Upstash's Redis": () => createRedisRelay(upstashScripts({ url: rest.url, token: rest.token, timeoutMs: 1_000 })),
  "a Redis over TCP": () => createRedisRelay(redisScripts({ url: resp.url, timeoutMs: 1_000 })),
  "a Redis that is not there": () => createRedisRelay(redisScripts({ url: "redis://127.0.0.1:1", timeoutMs: 100 })),
};

let here: TestApp;
let elsewhere: TestApp;
let person: Person;
let sessionId: string;
let written: string[];
async function arrange(relay: keyof typeof RELAYS) {
  model.requests.length = 0;
  model.answers.length = 0;
  written = [];
  const voice = createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock: systemClock });
  const counting: typeof fetch = (input, init) => {
    written.push(new URL(String(input)).pathname.replace("/rest/v1/", ""));
    return fetch(input, init);
  };
  const app = (databaseFetch: typeof fetch) => {
    const replyRelay = RELAYS[relay]();
    return createTestApp({ stack, voice, databaseFetch, ...(replyRelay && { replyRelay }) });
  };
  here = app(fetch);
  elsewhere = app(counting);
  person = await createPerson(stack, { name: "Noa" });
  sessionId = (await here.as(person).sessions.create({})).id;
}

const heldReply = () => pushHeldReply(model, ["I ", "hear ", "you."]);

type Stream = AsyncIterator<ReplyEvent>;

async function until(stream: Stream, wanted: (heard: ReplyEvent[]) => boolean): Promise<ReplyEvent[]> {
  const heard: ReplyEvent[] = [];
  while (!wanted(heard)) {
    const { done, value } = await stream.next();
    if (done) throw new Error(`The stream ended after ${JSON.stringify(heard)}`);
    heard.push(value);
  }
  return heard;
}

const saying = (words: string) => (heard: ReplyEvent[]) => spoken(heard) === words;

async function send(app: TestApp, content = "hello", id = randomUUID()) {
  const stream = await app.as(person).messages.send({ sessionId, id, content });
  return { id, stream: stream[Symbol.asyncIterator]() };
}

async function follow(app: TestApp, messageId: string): Promise<Stream> {
  return (await app.as(person).messages.follow({ sessionId, messageId }))[Symbol.asyncIterator]();
}

async function remaining(stream: Stream): Promise<ReplyEvent[]> {
  return collect({ [Symbol.asyncIterator]: () => stream });
}

async function stored(): Promise<Message[]> {
  return (await here.as(person).messages.list({ sessionId })).items;
}

async function withinASecond<T>(promise: Promise<T>): Promise<T> {
  const begun = performance.now();
  const value = await promise;
  expect(performance.now() - begun).toBeLessThan(1_000);
  return value;
}

describe("a person who leaves", () => {
  beforeEach(() => arrange("the database"));

  it("changes nothing: the reply goes on, is stored, and the conversation accepts the next message", async () => {
    const { goOn } = heldReply();
    const { stream } = await send(here);
    await until(stream, saying("I hear "));
    await stream.return?.(undefined);
    goOn();
    await here.backgroundDone();
    expect((await stored())[1]).toMatchObject({ content: "I hear you.", status: "complete" });
    expect((await remaining((await send(here, "more")).stream)).at(-1)).toMatchObject({ type: "message" });
    await here.backgroundDone();
  });

  it("still has the reply counted among those that are being written for them", async () => {
    const held = [heldReply(), heldReply()];
    for (const _ of held) {
      sessionId = (await here.as(person).sessions.create({})).id;
      const { stream } = await send(here);
      await until(stream, saying("I hear "));
      await stream.return?.(undefined);
    }
    sessionId = (await here.as(person).sessions.create({})).id;
    await expect(remaining((await send(here)).stream)).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    for (const { goOn } of held) goOn();
    await here.backgroundDone();
    expect((await remaining((await send(here)).stream)).at(-1)).toMatchObject({ type: "message" });
    await here.backgroundDone();
  });

  it("gets the growing reply in the same process, from its first event", async () => {
    const { goOn } = heldReply();
    const { id, stream } = await send(here);
    await until(stream, saying("I hear "));
    await stream.return?.(undefined);
    const back = await follow(here, id);
    expect((await withinASecond(until(back, saying("I hear "))))[0]).toMatchObject({ type: "context" });
    goOn();
    expect((await remaining(back)).at(-1)).toMatchObject({ message: { content: "I hear you." } });
    await here.backgroundDone();
  });
});

describe.each(Object.keys(RELAYS) as (keyof typeof RELAYS)[])("between processes that share %s", (relay) => {
  beforeEach(() => arrange(relay));

  it("a reply is found growing within a second, by two listeners at the same time", async () => {
    const { goOn } = heldReply();
    const { id, stream } = await send(here);
    await until(stream, saying("I hear "));
    await stream.return?.(undefined);
    const found = await Promise.all([follow(elsewhere, id), follow(elsewhere, id)]);
    await withinASecond(Promise.all(found.map((each) => until(each, saying("I hear ")))));
    goOn();
    for (const each of found) {
      const events = await remaining(each);
      expect(events.at(-1)).toMatchObject({ type: "message", message: { content: "I hear you.", status: "complete" } });
    }
    expect(written.filter((name) => name === "rpc/begin_message")).toEqual([]);
    await Promise.all([here.backgroundDone(), elsewhere.backgroundDone()]);
  });

  it("a reply is stopped within a second from another process, keeps its text so far, and the conversation goes on", async () => {
    model.answers.push({ kind: "hang", words: ["I ", "hear "] });
    const { stream } = await send(here);
    await until(stream, saying("I hear "));
    const left = model.nextClientLeft();
    const stopping = elsewhere.as(person).messages.stop({ sessionId });
    await withinASecond(left);
    await stopping;
    expect((await stored())[1]).toMatchObject({ content: "I hear ", status: "interrupted" });
    expect((await remaining((await send(elsewhere, "and now?")).stream)).at(-1)).toMatchObject({
      message: { content: "I hear you." },
    });
    await Promise.all([here.backgroundDone(), elsewhere.backgroundDone()]);
  });

  it("a reply that is stopped before its first word is not begun again by its followers", async () => {
    model.answers.push({ kind: "hang", words: [] });
    const { id, stream } = await send(here);
    await stream.next();
    const waiting = await send(elsewhere, "hello", id);
    await waiting.stream.next();
    const outcomes = Promise.allSettled([remaining(stream), remaining(waiting.stream)]);
    await elsewhere.as(person).messages.stop({ sessionId, messageId: id });
    const stopped = { status: "rejected", reason: { code: "CLIENT_CLOSED_REQUEST" } };
    expect(await outcomes).toMatchObject([stopped, stopped]);
    expect(model.requests).toHaveLength(1);
    expect(await stored()).toHaveLength(1);
    await Promise.all([here.backgroundDone(), elsewhere.backgroundDone()]);
  });

  it("the same message in another process gets the growing reply, and writes nothing while waiting", async () => {
    const { goOn } = heldReply();
    const { id, stream } = await send(here);
    await until(stream, saying("I hear "));
    const second = await send(elsewhere, "hello", id);
    await until(second.stream, saying("I hear "));
    goOn();
    expect((await remaining(second.stream)).at(-1)).toEqual((await remaining(stream)).at(-1));
    expect(written.filter((name) => name === "rpc/begin_message")).toHaveLength(1);
    expect(model.requests).toHaveLength(1);
    await Promise.all([here.backgroundDone(), elsewhere.backgroundDone()]);
  });

  it("the rest of a reply is followed and stopped like its beginning", async () => {
    model.answers.push({ kind: "cut", words: ["I "] });
    const { id, stream } = await send(here);
    await remaining(stream);
    const replyId = (await stored())[1]?.id ?? "";
    model.answers.push({ kind: "hang", words: ["hear "] });
    const resumed = await here.as(person).messages.resume({ sessionId, replyId });
    await until(resumed[Symbol.asyncIterator](), saying("hear "));
    await until(await follow(elsewhere, replyId), saying("hear "));
    await elsewhere.as(person).messages.stop({ sessionId, messageId: replyId });
    expect((await stored())[1]).toMatchObject({ replyTo: id, content: "I hear ", status: "interrupted" });
    await Promise.all([here.backgroundDone(), elsewhere.backgroundDone()]);
  });

  it("a person may follow a limited number of replies at once in a process, and another one when one of them ends", async () => {
    const { goOn } = heldReply();
    const { id, stream } = await send(here);
    await until(stream, saying("I hear "));
    const followers = [await follow(elsewhere, id), await follow(elsewhere, id)];
    for (const each of followers) await until(each, saying("I hear "));
    await expect(remaining(await follow(elsewhere, id))).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    goOn();
    for (const each of followers) await remaining(each);
    expect((await remaining(await follow(elsewhere, id))).at(-1)).toMatchObject({ message: { status: "complete" } });
    await remaining(stream);
    await Promise.all([here.backgroundDone(), elsewhere.backgroundDone()]);
  });

  it("another person can neither follow nor stop it", async () => {
    const { goOn } = heldReply();
    const { id, stream } = await send(here);
    await until(stream, saying("I hear "));
    const stranger = await createPerson(stack);
    for (const app of [here, elsewhere]) {
      expect(await collect(await app.as(stranger).messages.follow({ sessionId, messageId: id }))).toEqual([]);
      await app.as(stranger).messages.stop({ sessionId, messageId: id });
    }
    goOn();
    expect((await remaining(stream)).at(-1)).toMatchObject({ message: { content: "I hear you.", status: "complete" } });
    await here.backgroundDone();
  });
});

describe("following when no reply is being written", () => {
  beforeEach(() => arrange("the database"));

  it("returns the stored reply, and ends without events if there is none", async () => {
    const { id, stream } = await send(here);
    const events = await remaining(stream);
    await here.backgroundDone();
    expect(await remaining(await follow(elsewhere, id))).toEqual([events.at(-1)]);
    expect(await remaining(await follow(elsewhere, randomUUID()))).toEqual([]);
  });

  it("does not stop another reply", async () => {
    const { goOn } = heldReply();
    const { stream } = await send(here);
    await until(stream, saying("I hear "));
    await elsewhere.as(person).messages.stop({ sessionId, messageId: randomUUID() });
    goOn();
    expect((await remaining(stream)).at(-1)).toMatchObject({ message: { status: "complete" } });
    await here.backgroundDone();
  });
});

describe("a conversation that is removed while a reply is written in it", () => {
  beforeEach(() => arrange("the database"));

  /** The claim is renewed every five seconds. */
  const places = [
    ["the same process", () => here, 1_000],
    ["another process", () => elsewhere, 7_000],
  ] as const;

  it.each(places)("ends the model's request, when %s removes it", async (_, app, withinMs) => {
    model.answers.push({ kind: "hang", words: ["I ", "hear "] });
    const { stream } = await send(here);
    await until(stream, saying("I hear "));
    const left = model.nextClientLeft();
    const begun = performance.now();
    await app().as(person).sessions.remove({ sessionId });
    await left;
    expect(performance.now() - begun).toBeLessThan(withinMs);
    await here.backgroundDone();
    await expect(stored()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
