import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, it } from "vitest";
import type { ReplyEvent } from "@/server/conversation/events";
import { collect } from "@/tests/support/collect";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");
const sql = createSqlClient(stack);

let app: TestApp;
let person: Person;
let sessionId: string;
beforeEach(async () => {
  app = createTestApp({ stack });
  person = await createPerson(stack);
  sessionId = randomUUID();
});

interface First {
  id?: string;
  content?: string;
  offRecord?: boolean;
  as?: Person;
}

async function open({ id = randomUUID(), content = "I think of the sea", offRecord = false, as = person }: First = {}) {
  const message = { sessionId, id, content, opens: { offRecord } };
  const events: ReplyEvent[] = await collect(await app.as(as).messages.send(message));
  await app.backgroundDone();
  return events;
}

const sessionsOf = ({ id }: Person) =>
  sql(`select id, title, off_record, message_count from public.clarify_sessions where user_id = $1`, [id]);

describe("the first message of a conversation", () => {
  it("stores the conversation with it, and names it", async () => {
    expect((await open()).at(-1)).toMatchObject({ type: "message" });
    expect(await sessionsOf(person)).toEqual([
      { id: sessionId, title: "I think of the sea", off_record: false, message_count: 2 },
    ]);
    const { items } = await app.as(person).sessions.list({ status: "active" });
    expect(items).toMatchObject([{ id: sessionId, messageCount: 2 }]);
  });

  it("takes one round trip", async () => {
    const seen: string[] = [];
    const databaseFetch: typeof fetch = (input, init) => {
      seen.push(new URL(String(input)).pathname);
      return fetch(input, init);
    };
    app = createTestApp({ stack, databaseFetch });
    await app.as(person).clarifyContext.get({ sessionId });
    await app.backgroundDone();
    seen.length = 0;
    const message = { sessionId, id: randomUUID(), content: "hello", opens: { offRecord: false } };
    const [context] = await collect(await app.as(person).messages.send(message));
    expect(seen[0]).toBe("/rest/v1/rpc/begin_conversation");
    expect(seen.filter((path) => path.includes("begin"))).toHaveLength(1);
    const sources = context?.type === "context" ? context.context.sections.map(({ source }) => source) : [];
    expect(sources).toEqual(Array(5).fill("fresh"));
    await app.backgroundDone();
  });

  it("keeps a conversation off the record from its beginning", async () => {
    await open({ offRecord: true });
    expect(await sessionsOf(person)).toMatchObject([{ off_record: true }]);
    const { text } = await app.as(person).clarifyContext.get({ sessionId: null });
    expect(text).not.toContain("sea");
    await app.backgroundDone();
  });

  it("stores everything once, however often it is sent", async () => {
    const id = randomUUID();
    const events = await open({ id });
    expect((await open({ id })).at(-1)).toEqual(events.at(-1));
    expect(await sessionsOf(person)).toMatchObject([{ message_count: 2 }]);
  });

  it("does not change a conversation that another tab has opened meanwhile", async () => {
    await open({ offRecord: true });
    await open({ content: "and of the harbour" });
    expect(await sessionsOf(person)).toEqual([
      { id: sessionId, title: "I think of the sea", off_record: true, message_count: 4 },
    ]);
  });

  it("leaves no conversation behind when it is refused", async () => {
    const other = await createPerson(stack);
    const taken = randomUUID();
    await open({ id: taken, as: other });
    sessionId = randomUUID();
    await expect(open({ id: taken })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await sessionsOf(person)).toEqual([]);
  });

  it("cannot take the id of another person's conversation, and does not reveal that it exists", async () => {
    const other = await createPerson(stack);
    await open({ as: other });
    const notFound = { code: "NOT_FOUND", message: "This conversation does not exist, or it is not yours." };
    await expect(open()).rejects.toMatchObject(notFound);
    expect(await sessionsOf(other)).toMatchObject([{ message_count: 2 }]);
    expect(await sessionsOf(person)).toEqual([]);
  });
});

describe("a conversation in which nothing was said", () => {
  it("is in no list and in no context", async () => {
    const { sessions, clarifyContext } = app.as(person);
    await sessions.create({});
    expect((await sessions.list({ status: "active" })).items).toEqual([]);
    const context = await clarifyContext.get({ sessionId: null });
    expect(context.sections.find(({ name }) => name === "sessions")).toMatchObject({ items: [] });
    await app.backgroundDone();
  });

  it("can be warmed before it is stored", async () => {
    expect(await app.as(person).messages.prewarm({ sessionId, isNew: true })).toEqual({ warm: false });
    await expect(app.as(person).messages.list({ sessionId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("an unanswered message", () => {
  it("is answered in its place, also after the conversation has gone on", async () => {
    const [early, late] = [randomUUID(), randomUUID()];
    await open({ id: early });
    await sql(`delete from public.clarify_messages where reply_to = $1`, [early]);
    const { messages } = app.as(person);
    await collect(await messages.send({ sessionId, id: late, content: "Are you there?" }));
    await collect(await messages.send({ sessionId, id: early, content: "I think of the sea" }));
    await app.backgroundDone();
    const { items } = await messages.list({ sessionId });
    expect(items.map(({ id, replyTo }) => replyTo ?? id)).toEqual([early, early, late, late]);
  });
});
