import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, test } from "vitest";
import { unwrap } from "@/server/database/errors";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";

const stack = inject("stack");
const sql = createSqlClient(stack);
let person: Person;
let sessionId: string;

beforeEach(async () => {
  person = await createPerson(stack);
  sessionId = await newSession(person);
});

async function newSession(owner: Person): Promise<string> {
  const query = owner.database.from("clarify_sessions").insert({ user_id: owner.id }).select("id").single();
  return unwrap(await query).id;
}

interface Call {
  as?: Person;
  session?: string;
  id?: string;
  content?: string;
  limit?: number;
}

async function begin({
  as = person,
  session = sessionId,
  id = randomUUID(),
  content = "Hello",
  limit = 20,
}: Call = {}) {
  const args = { p_session_id: session, p_message_id: id, p_content: content, p_history_limit: limit };
  return unwrap(await as.database.rpc("begin_message", { ...args, p_claim_ms: 60_000 }));
}

/** Sends a message and gives up answering it, so that the session is free for the next. */
async function beginOnly(call: Call = {}) {
  const begun = await begin(call);
  await giveUp(begun.message.id);
  return begun;
}

async function giveUp(messageId: string): Promise<void> {
  unwrap(await person.database.rpc("hold_claim", { p_message_id: messageId, p_claim_ms: 0 }));
}

async function reply(to: string, content: string): Promise<void> {
  const row = { id: randomUUID(), user_id: person.id, session_id: sessionId, reply_to: to };
  unwrap(await person.database.from("clarify_messages").insert({ ...row, role: "assistant", content }));
}

describe("begin_message", () => {
  test("stores the message and names the session after it", async () => {
    const id = randomUUID();
    const begun = await begin({ id, content: "I want to paint" });
    expect(begun).toMatchObject({
      claimed: true,
      reply: null,
      history: [],
      message: { id, role: "user", content: "I want to paint", status: "complete", user_id: person.id },
      session: { id: sessionId, title: "I want to paint", message_count: 1 },
    });
  });

  test("gives back what was said before, oldest first, and no more than asked for", async () => {
    for (const content of ["one", "two", "three"]) {
      const { message } = await begin({ content });
      await reply(message.id, `re: ${content}`);
    }
    const whole = await beginOnly({ content: "four" });
    expect(whole.history.map((message) => message.content)).toEqual([
      "one",
      "re: one",
      "two",
      "re: two",
      "three",
      "re: three",
    ]);
    const short = await beginOnly({ content: "five", limit: 3 });
    expect(short.history.map((message) => message.content)).toEqual(["three", "re: three", "four"]);
    expect((await begin({ content: "six", limit: 0 })).history).toEqual([]);
  });

  test("repeated, it stores nothing and hands over the reply", async () => {
    const id = randomUUID();
    await begin({ id });
    expect(await begin({ id })).toMatchObject({ claimed: false, reply: null });
    await reply(id, "There you are");
    await beginOnly({ content: "Later" });
    const again = await begin({ id });
    expect(again).toMatchObject({ claimed: false, reply: { content: "There you are", reply_to: id }, history: [] });
    expect(again.session.message_count).toBe(3);
  });

  test("sent twice at once, it is stored once and claimed by one", async () => {
    const id = randomUUID();
    const both = await Promise.all([begin({ id }), begin({ id })]);
    expect(both.map(({ claimed }) => claimed).sort()).toEqual([false, true]);
    expect(both.map(({ session }) => session.message_count)).toEqual([1, 1]);
  });

  test("while one message is answered, another waits its turn; its reply ends that", async () => {
    const { message } = await begin({ content: "First" });
    await expect(begin({ content: "Second" })).rejects.toMatchObject({ code: "busy", sqlState: "PT429" });
    await reply(message.id, "There you are");
    expect((await begin({ content: "Second" })).claimed).toBe(true);
  });

  test("a claim that ran out is taken over", async () => {
    const { message } = await begin();
    expect((await begin({ id: message.id })).claimed).toBe(false);
    await sql("update public.clarify_messages set answering_until = now() - interval '1 second' where id = $1", [
      message.id,
    ]);
    expect((await begin({ id: message.id })).claimed).toBe(true);
  });

  test.each([
    ["other content", () => ({ content: "Something else" })],
    ["another session", async () => ({ session: await newSession(person) })],
    [
      "another person",
      async () => {
        const other = await createPerson(stack);
        return { as: other, session: await newSession(other) };
      },
    ],
  ])("an id that is taken with %s is a conflict", async (_name, difference) => {
    const id = randomUUID();
    await beginOnly({ id });
    await expect(begin({ id, ...(await difference()) })).rejects.toMatchObject({ code: "conflict", sqlState: "PT409" });
  });

  test("a session of somebody else is not found, like one that does not exist", async () => {
    const other = await createPerson(stack);
    const missing = { code: "not_found", sqlState: "PT404" };
    await expect(begin({ as: other })).rejects.toMatchObject(missing);
    await expect(begin({ session: randomUUID() })).rejects.toMatchObject(missing);
  });

  test("nobody may call it without signing in", async () => {
    const response = await fetch(`${stack.url}/rest/v1/rpc/begin_message`, {
      method: "POST",
      headers: { apikey: stack.publishableKey, "content-type": "application/json" },
      body: JSON.stringify({
        p_session_id: sessionId,
        p_message_id: randomUUID(),
        p_content: "Hello",
        p_history_limit: 20,
        p_claim_ms: 1_000,
      }),
    });
    expect(response.status).toBe(401);
  });

  test.each([
    ["blank content", { content: "  " }],
    ["content that is too long", { content: "x".repeat(4_001) }],
    ["a history limit below zero", { limit: -1 }],
    ["a history limit above a hundred", { limit: 101 }],
    ["an id that is none", { id: "42" }],
  ])("%s is invalid", async (_name, call) => {
    await expect(begin(call)).rejects.toMatchObject({ code: "invalid" });
  });
});
