import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { upstashScripts } from "@/server/cache/upstash";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import type { Message, ReplyEvent } from "@/server/conversation/events";
import { createRedisUnsaved, nowhere } from "@/server/conversation/unsaved-replies";
import { collect } from "@/tests/support/collect";
import type { FaultProxy } from "@/tests/support/database/fault-proxy";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import type { RedisExecutor } from "@/tests/support/redis/executor";
import { likeUpstash } from "@/tests/support/redis/like-upstash";
import { RestServer } from "@/tests/support/redis/rest-server";
import { standInRedis } from "@/tests/support/redis/stand-in-redis";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";
import { spoken } from "./world";

// A finished reply that the database does not accept: no text that was paid for is lost, nobody waits for it, and no
// message gets two replies. `here` writes; `elsewhere` is another process over the same database.

const stack = inject("stack");
const sql = createSqlClient(stack);
const STORING = /rpc\/store_(late_)?reply/;

let model: ModelServer;
let executor: RedisExecutor;
let redis: RestServer;
let database: FaultProxy;
beforeAll(async () => {
  executor = await standInRedis();
  [model, redis, database] = await Promise.all([
    startModelServer(),
    RestServer.start({ executor: likeUpstash(executor) }),
    startFaultProxy(stack.url),
  ]);
});
afterAll(async () => {
  await Promise.all([model.close(), redis.close(), database.close()]);
  await executor.close();
});

let here: TestApp;
let elsewhere: TestApp;
let person: Person;
let sessionId: string;

async function arrange({ shared }: { shared: boolean }): Promise<void> {
  model.requests.length = 0;
  model.answers.length = 0;
  database.forget();
  const voice = createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock: systemClock });
  const app = (url: string) => {
    const scripts = upstashScripts({ url: redis.url, token: redis.token, timeoutMs: 1_000 });
    const openUnsavedReplies = shared ? createRedisUnsaved(scripts) : nowhere;
    return createTestApp({ stack: { ...stack, url }, voice, openUnsavedReplies });
  };
  here = app(database.url);
  elsewhere = app(stack.url);
  person = await createPerson(stack, { name: "Noa" });
  sessionId = (await elsewhere.as(person).sessions.create({})).id;
}
afterEach(async () => {
  database.heal();
  await here.backgroundDone();
  await elsewhere.backgroundDone();
});

type Stream = AsyncIterator<ReplyEvent>;

async function send(
  app: TestApp,
  content = "hello",
  id: string = randomUUID(),
): Promise<{ id: string; stream: Stream }> {
  const stream = await app.as(person).messages.send({ sessionId, id, content });
  return { id, stream: stream[Symbol.asyncIterator]() };
}

async function unsaved(stream: Stream): Promise<ReplyEvent[]> {
  const heard: ReplyEvent[] = [];
  while (heard.at(-1)?.type !== "unsaved") {
    const { done, value } = await stream.next();
    if (done) throw new Error(`The stream ended after ${JSON.stringify(heard)}`);
    heard.push(value);
  }
  return heard;
}

const remaining = (stream: Stream) => collect({ [Symbol.asyncIterator]: () => stream });

async function stored(): Promise<Message[]> {
  return (await elsewhere.as(person).messages.list({ sessionId })).items;
}

describe("a reply that the database does not accept", () => {
  beforeEach(() => arrange({ shared: false }));

  it("is tried again until it is stored after its message; the conversation goes on in the meantime", async () => {
    const trigger = `refuse_${randomUUID().replaceAll("-", "")}`;
    const id = randomUUID();
    // The database itself refuses, and only this row.
    await sql(`create function private.${trigger}() returns trigger language plpgsql as $$
      begin if new.reply_to = '${id}' then raise exception 'disk full' using errcode = '53100'; end if; return new; end $$`);
    await sql(`create trigger ${trigger} before insert on public.clarify_messages
      for each row execute function private.${trigger}()`);
    try {
      model.answers.push(
        { kind: "reply", words: ["I ", "hear ", "you."] },
        { kind: "reply", words: ["And ", "more."] },
      );
      const { stream } = await send(here, "hello", id);
      expect(spoken(await unsaved(stream))).toBe("I hear you.");

      const next = await remaining((await send(elsewhere, "go on")).stream);
      expect(next.at(-1)).toMatchObject({ type: "message", message: { content: "And more." } });
      await sql(`drop trigger ${trigger} on public.clarify_messages`);
      expect((await remaining(stream)).at(-1)).toMatchObject({ message: { content: "I hear you.", replyTo: id } });
    } finally {
      await sql(`drop function private.${trigger}() cascade`);
    }
    const messages = await stored();
    expect(messages.map(({ content }) => content)).toEqual(["hello", "I hear you.", "go on", "And more."]);
    expect(model.requests).toHaveLength(2);
    const { items } = await elsewhere.as(person).sessions.list({ status: "active" });
    expect(items[0]).toMatchObject({ messageCount: 4 });
  });

  it("is found after a reload in the same process, as if it were still growing, and stopping it does not wait", async () => {
    database.inject({ kind: "error" }, STORING);
    const { id, stream } = await send(here);
    await unsaved(stream);
    await stream.return?.(undefined);
    const found = (await here.as(person).messages.follow({ sessionId, messageId: id }))[Symbol.asyncIterator]();
    expect(spoken(await unsaved(found))).toBe("I hear you.");
    await here.as(person).messages.stop({ sessionId, messageId: id });
    database.heal();
    expect((await remaining(found)).at(-1)).toMatchObject({ message: { status: "complete" } });
  });

  it("is stored once when only the answer was lost", async () => {
    const lose = async (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
      const response = await fetch(input, init);
      if (/rpc\/store_reply/.test(String(input))) throw new TypeError("fetch failed");
      return response;
    };
    const app = createTestApp({ stack, voice: here.services.voice, databaseFetch: lose });
    const { stream } = await send(app);
    const events = await remaining(stream);
    expect(events.at(-1)).toMatchObject({ message: { content: "I hear you.", status: "complete" } });
    expect(await stored()).toHaveLength(2);
    await app.backgroundDone();
  });

  it("does not delay a request in another process, and never replaces the answer that it got", async () => {
    database.inject({ kind: "error" }, STORING);
    const { id, stream } = await send(here);
    await unsaved(stream);
    model.answers.push({ kind: "reply", words: ["Another ", "answer."] });
    const other = await remaining((await send(elsewhere, "hello", id)).stream);
    expect(other.at(-1)).toMatchObject({ message: { content: "Another answer." } });
    database.heal();
    const rest = await remaining(stream);
    expect(rest[0]).toEqual({ type: "restart" });
    expect(rest.at(-1)).toMatchObject({ message: { content: "Another answer." } });
    expect((await stored()).map(({ content }) => content)).toEqual(["hello", "Another answer."]);
  });

  it("holds up the end of the process until it is stored", async () => {
    database.inject({ kind: "error" }, STORING);
    const { stream } = await send(here);
    await unsaved(stream);
    const closing = here.services.replies.close();
    let closed = false;
    void closing.then(() => {
      closed = true;
    });
    await database.arrived(database.count(STORING) + 1, STORING);
    expect(closed).toBe(false);
    database.heal();
    await closing;
    expect((await stored())[1]).toMatchObject({ content: "I hear you." });
  });

  it("does not count towards the replies that a person may have written at the same time", async () => {
    database.inject({ kind: "error" }, STORING);
    for (let sent = 0; sent < 3; sent += 1) {
      const { stream } = await send(here, `message ${sent}`);
      await unsaved(stream);
    }
    database.heal();
    await here.backgroundDone();
    expect((await stored()).map(({ role }) => role)).toEqual(Array(3).fill(["user", "assistant"]).flat());
  });

  it("leaves the conversation free between the tries, also when it is another answer", async () => {
    await remaining((await send(elsewhere)).stream);
    const { id, stream: first } = await send(elsewhere, "again");
    await remaining(first);
    const storing = /rpc\/store_variant/;
    database.inject({ kind: "error" }, storing);
    const again = await here.as(person).messages.regenerate({ sessionId, messageId: id, replyId: randomUUID() });
    const stream = again[Symbol.asyncIterator]();
    await unsaved(stream);
    await database.arrived(database.count(storing) + 1, storing);
    const answering = async () => (await stored()).some((message) => message.answering);
    await expect.poll(answering, { timeout: 3_000 }).toBe(false);
    database.heal();
    expect((await remaining(stream)).at(-1)).toMatchObject({ message: { variant: { number: 2, of: 2 } } });
  });

  it("is given up with its claim when trying again cannot help", async () => {
    const body = { code: "42501", message: "permission denied", details: null, hint: null };
    database.inject({ kind: "error", status: 403, body }, STORING);
    const { stream } = await send(here);
    await expect(remaining(stream)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect((await remaining((await send(elsewhere, "go on")).stream)).at(-1)).toMatchObject({ type: "message" });
  });

  it("holds in the same way for the rest of a reply", async () => {
    model.answers.push({ kind: "cut", words: ["I ", "think "] });
    const cut = (await remaining((await send(elsewhere)).stream)).at(-1);
    const reply = cut?.type === "message" ? cut.message : undefined;
    if (reply === undefined) throw new Error("The beginning was not stored");
    database.inject({ kind: "error" }, /rpc\/extend_(late_)?reply/);
    const resumed = await here.as(person).messages.resume({ sessionId, replyId: reply.id });
    const stream = resumed[Symbol.asyncIterator]();
    expect(spoken(await unsaved(stream))).toBe("I hear you.");
    database.heal();
    expect((await remaining(stream)).at(-1)).toMatchObject({ message: { content: "I think I hear you." } });
    expect(await stored()).toHaveLength(2);
  });
});

describe("a finished reply whose process dies before it could store it, in a Redis", () => {
  beforeEach(() => arrange({ shared: true }));

  /** Lets a process finish a reply that it will never store. */
  async function dieUnsaved(): Promise<string> {
    database.inject({ kind: "error" }, STORING);
    const { id, stream } = await send(here);
    await unsaved(stream);
    return id;
  }

  it("is stored when the conversation is opened", async () => {
    const id = await dieUnsaved();
    const found = await collect(await elsewhere.as(person).messages.follow({ sessionId, messageId: id }));
    expect(found).toMatchObject([{ type: "message", message: { content: "I hear you.", replyTo: id } }]);
    expect(await stored()).toHaveLength(2);
  });

  it("is stored when it is asked for again, without another call of the model", async () => {
    const id = await dieUnsaved();
    const events = await remaining((await send(elsewhere, "hello", id)).stream);
    expect(spoken(events)).toBe("I hear you.");
    expect(events.at(-1)).toMatchObject({ message: { content: "I hear you.", status: "complete" } });
    expect(model.requests).toHaveLength(1);
    await elsewhere.backgroundDone();
    expect(await executor.call(["KEYS", "*unsaved*"])).toEqual([]);
  });

  it("is in the Redis no longer once its conversation is removed and the process has tried again", async () => {
    database.inject({ kind: "error" }, STORING);
    const { id, stream } = await send(here);
    await unsaved(stream);
    const waiting = () => executor.call(["KEYS", `unsaved:{${person.id}}:${id}`]);
    expect(await waiting()).toHaveLength(1);
    await elsewhere.as(person).sessions.remove({ sessionId });
    database.heal();
    await expect(remaining(stream)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await here.backgroundDone();
    expect(await waiting()).toEqual([]);
  });

  it("cannot be read by other people", async () => {
    const id = await dieUnsaved();
    const stranger = await createPerson(stack);
    const found = await collect(await elsewhere.as(stranger).messages.follow({ sessionId, messageId: id }));
    expect(found).toEqual([]);
  });
});
