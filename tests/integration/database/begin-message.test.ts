import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, test } from "vitest";
import { unwrap } from "@/server/database/errors";
import type { MessageRow } from "@/server/database/types";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";

const stack = inject("stack");
const sql = createSqlClient(stack);
let person: Person;
let sessionId: string;
/** The default claim. */
const TOKEN = randomUUID();

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
  limit?: number | null;
  claimMs?: number | null;
  token?: string | null;
}

async function begin({
  as = person,
  session = sessionId,
  id = randomUUID(),
  content = "Hello",
  limit = 20,
  claimMs = 60_000,
  token = TOKEN,
}: Call = {}) {
  const args = { p_session_id: session, p_message_id: id, p_content: content };
  // A request can contain what the types do not allow.
  const rest = JSON.parse(JSON.stringify({ p_history_limit: limit, p_claim_ms: claimMs, p_claim_token: token }));
  return unwrap(await as.database.rpc("begin_message", { ...args, ...rest }));
}

/** Sends a message and releases its claim, so that the session accepts the next one. */
async function beginOnly(call: Call = {}) {
  const begun = await begin(call);
  await giveUp(begun.message.id);
  return begun;
}

async function giveUp(messageId: string): Promise<void> {
  unwrap(await person.database.rpc("hold_claim", { p_message_id: messageId, p_claim_token: TOKEN, p_claim_ms: 0 }));
}

async function reply(to: string, content: string, status: MessageRow["status"] = "complete"): Promise<string> {
  return (await storeReply(to, { content, status })).id;
}

async function storeReply(
  to: string,
  {
    content = "I hear you.",
    status = "complete" as MessageRow["status"],
    token = TOKEN,
    id = randomUUID(),
    as = person,
  },
) {
  return unwrap(
    await as.database.rpc("store_reply", {
      p_message_id: to,
      p_claim_token: token,
      p_reply_id: id,
      p_content: content,
      p_status: status,
      p_model: "test",
      p_tool_use: null,
      p_usage: { input: 1, output: 2, cache_read: 3, cache_write: 4 },
    }),
  );
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

  test("returns the earlier messages, oldest first, and no more than asked for", async () => {
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

  test("repeated, it stores nothing and returns the reply", async () => {
    const id = randomUUID();
    await begin({ id });
    expect(await begin({ id })).toMatchObject({ claimed: false, reply: null });
    await reply(id, "There you are");
    await beginOnly({ content: "Later" });
    const again = await begin({ id });
    expect(again).toMatchObject({ claimed: false, reply: { content: "There you are", reply_to: id }, history: [] });
    expect(again.session.message_count).toBe(3);
  });

  test("sent twice at the same time, it is stored once and claimed by one", async () => {
    const id = randomUUID();
    const both = await Promise.all([begin({ id }), begin({ id })]);
    expect(both.map(({ claimed }) => claimed).sort()).toEqual([false, true]);
    expect(both.map(({ session }) => session.message_count)).toEqual([1, 1]);
  });

  test("while one message is answered, another has to wait until its reply is stored", async () => {
    const { message } = await begin({ content: "First" });
    await expect(begin({ content: "Second" })).rejects.toMatchObject({ code: "busy", sqlState: "PT429" });
    await reply(message.id, "There you are");
    expect((await begin({ content: "Second" })).claimed).toBe(true);
  });

  test("an expired claim is taken over", async () => {
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

  test("another person's session is not found, like one that does not exist", async () => {
    const other = await createPerson(stack);
    const missing = { code: "not_found", sqlState: "PT404" };
    await expect(begin({ as: other })).rejects.toMatchObject(missing);
    await expect(begin({ session: randomUUID() })).rejects.toMatchObject(missing);
  });

  test("requires a signed-in person", async () => {
    const response = await fetch(`${stack.url}/rest/v1/rpc/begin_message`, {
      method: "POST",
      headers: { apikey: stack.publishableKey, "content-type": "application/json" },
      body: JSON.stringify({
        p_session_id: sessionId,
        p_message_id: randomUUID(),
        p_content: "Hello",
        p_history_limit: 20,
        p_claim_token: TOKEN,
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
    ["no history limit", { limit: null }],
    ["no claim", { claimMs: null }],
    ["a claim of no length", { claimMs: 0 }],
    ["a claim of more than ten minutes", { claimMs: 600_001 }],
    ["an id that is none", { id: "42" }],
  ])("%s is invalid", async (_name, call) => {
    await expect(begin(call)).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("hold_claim", () => {
  const hold = async (messageId: string, claimMs: number | null, { as = person, token = TOKEN } = {}) => {
    const args = { p_message_id: messageId, p_claim_token: token, p_claim_ms: claimMs };
    return unwrap(await as.database.rpc("hold_claim", JSON.parse(JSON.stringify(args))));
  };

  test.each([[null], [-1], [600_001]])(
    "refuses a claim of %s milliseconds, and leaves the one there is",
    async (claimMs) => {
      const { message } = await begin();
      await expect(hold(message.id, claimMs)).rejects.toMatchObject({ code: "invalid" });
      expect((await begin({ id: message.id })).claimed).toBe(false);
    },
  );

  test("releases a claim with 0, and only one's own", async () => {
    const { message } = await begin();
    expect(await hold(message.id, 0, { as: await createPerson(stack) })).toBe(false);
    expect((await begin({ id: message.id })).claimed).toBe(false);
    expect(await hold(message.id, 0)).toBe(true);
    expect((await begin({ id: message.id })).claimed).toBe(true);
  });

  test("changes nothing after the claim was lost", async () => {
    const { message } = await begin({ claimMs: 1 });
    await sql("select pg_sleep(0.01)");
    const successor = randomUUID();
    expect((await begin({ id: message.id, token: successor })).claimed).toBe(true);
    expect(await hold(message.id, 60_000)).toBe(false);
    expect(await hold(message.id, 0)).toBe(false);
    expect((await begin({ id: message.id })).claimed).toBe(false);
    expect(await hold(message.id, 60_000, { token: successor })).toBe(true);
  });
});

describe("store_reply", () => {
  test("stores a claimed reply with its figures, ends the claim, and is the same when repeated", async () => {
    const { message } = await begin();
    const id = randomUUID();
    const stored = await storeReply(message.id, { id });
    expect(stored).toMatchObject({ id, role: "assistant", reply_to: message.id, user_id: person.id, output_tokens: 2 });
    expect(await storeReply(message.id, { id })).toEqual(stored);
    expect((await begin({ content: "Next" })).claimed).toBe(true);
  });

  test("refuses a caller without a claim, with a lost claim, or with another person's claim", async () => {
    const { message } = await begin({ claimMs: 1 });
    const lost = { code: "conflict", sqlState: "PT409" };
    await expect(storeReply(message.id, { token: randomUUID() })).rejects.toMatchObject(lost);
    await expect(storeReply(message.id, { as: await createPerson(stack) })).rejects.toMatchObject(lost);
    await sql("select pg_sleep(0.01)");
    await begin({ id: message.id, token: randomUUID() });
    await expect(storeReply(message.id, {})).rejects.toMatchObject(lost);
  });
});

describe("begin_resume", () => {
  const resume = async (
    replyId: string,
    { as = person, session = sessionId, limit = 20, claimMs = 60_000, token = TOKEN }: Call = {},
  ) =>
    unwrap(
      await as.database.rpc(
        "begin_resume",
        JSON.parse(
          JSON.stringify({
            p_session_id: session,
            p_reply_id: replyId,
            p_history_limit: limit,
            p_claim_token: token,
            p_claim_ms: claimMs,
          }),
        ),
      ),
    );

  async function interruptedReply(): Promise<{ messageId: string; replyId: string }> {
    const { message } = await begin({ content: "Hello" });
    const replyId = await reply(message.id, "I hear", "interrupted");
    return { messageId: message.id, replyId };
  }

  test("claims the rest of the last reply, and returns the conversation with it", async () => {
    const { messageId, replyId } = await interruptedReply();
    const begun = await resume(replyId);
    expect(begun).toMatchObject({
      claimed: true,
      reply: { id: replyId, reply_to: messageId, content: "I hear", status: "interrupted" },
      history: [{ id: messageId }, { id: replyId }],
      session: { message_count: 2 },
    });
  });

  test("is claimed by one process at a time, and blocks new messages until the rest is stored", async () => {
    const { replyId } = await interruptedReply();
    const both = await Promise.all([resume(replyId), resume(replyId)]);
    expect(both.map(({ claimed }) => claimed).sort()).toEqual([false, true]);
    await expect(begin({ content: "Next" })).rejects.toMatchObject({ code: "busy" });
    const extend = (more: { p_from: number }) =>
      person.database.rpc("extend_reply", {
        p_reply_id: replyId,
        p_claim_token: TOKEN,
        p_content: " you.",
        p_status: "complete",
        p_tool_use: null,
        p_usage: null,
        ...more,
      });
    await expect(extend({ p_from: 3 }).then(unwrap)).rejects.toMatchObject({ code: "conflict" });
    expect(unwrap(await extend({ p_from: "I hear".length }))).toMatchObject({
      content: "I hear you.",
      output_tokens: 2,
    });
    await expect(extend({ p_from: "I hear you.".length }).then(unwrap)).rejects.toMatchObject({ code: "conflict" });
    expect(await resume(replyId)).toMatchObject({ claimed: false, reply: { status: "complete" } });
    expect((await begin({ content: "Next" })).claimed).toBe(true);
  });

  test("waits while another message of the session is being answered", async () => {
    const { replyId } = await interruptedReply();
    await begin({ content: "Next" });
    await expect(resume(replyId)).rejects.toMatchObject({ code: "busy", sqlState: "PT429" });
  });

  test("does not continue a reply that is not the last message", async () => {
    const { replyId } = await interruptedReply();
    await beginOnly({ content: "Next" });
    expect(await resume(replyId)).toMatchObject({ claimed: false, reply: null });
    const { id } = (await beginOnly({ content: "And" })).message;
    expect(await resume(id)).toMatchObject({ claimed: false, reply: null });
  });

  test("another person's session is not found, like one that does not exist", async () => {
    const { replyId } = await interruptedReply();
    const missing = { code: "not_found", sqlState: "PT404" };
    await expect(resume(replyId, { as: await createPerson(stack) })).rejects.toMatchObject(missing);
    await expect(resume(replyId, { session: randomUUID() })).rejects.toMatchObject(missing);
  });

  test.each([
    ["no history limit", { limit: null }],
    ["an empty history", { limit: 0 }],
    ["no claim", { claimMs: null }],
  ])("%s is invalid", async (_name, call) => {
    const { replyId } = await interruptedReply();
    await expect(resume(replyId, call)).rejects.toMatchObject({ code: "invalid" });
  });
});
