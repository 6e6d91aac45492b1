import { randomUUID } from "node:crypto";
import { beforeEach, expect, inject, test } from "vitest";
import { unwrap } from "@/server/database/errors";
import type { Json } from "@/server/database/schema";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";

const stack = inject("stack");
const sql = createSqlClient(stack);

let person: Person;
let sessionId: string;
let messageId: string;
let token: string;
beforeEach(async () => {
  person = await createPerson(stack);
  const session = person.database.from("clarify_sessions").insert({ user_id: person.id }).select("id").single();
  sessionId = unwrap(await session).id;
  [messageId, token] = await begin();
});

async function begin(): Promise<[messageId: string, token: string]> {
  const [p_message_id, p_claim_token] = [randomUUID(), randomUUID()];
  const message = { p_session_id: sessionId, p_message_id, p_content: "Hello", p_history_limit: 20 };
  unwrap(await person.database.rpc("begin_message", { ...message, p_claim_token, p_claim_ms: 60_000 }));
  return [p_message_id, p_claim_token];
}

const running = async (as = person) => unwrap(await as.database.rpc("running_reply", { p_session_id: sessionId }));
const tell = async (progress: Json, as = person, claim = token) =>
  unwrap(await as.database.rpc("tell_reply", { p_message_id: messageId, p_claim_token: claim, p_progress: progress }));
const told = async (as = person, within = 60_000) =>
  unwrap(await as.database.rpc("told_reply", { p_claim_token: token, p_within_ms: within }));
const stop = async (as = person) =>
  void unwrap(await as.database.rpc("stop_reply", { p_message_id: messageId, p_claim_token: token }));
const endClaim = async () =>
  void unwrap(
    await person.database.rpc("hold_claim", { p_message_id: messageId, p_claim_token: token, p_claim_ms: 0 }),
  );

test("returns the message that is being answered and its claim, until the claim ends", async () => {
  expect(await running()).toEqual({ message_id: messageId, claim_token: token, reply_id: null });
  await endClaim();
  expect(await running()).toBeNull();
});

test("an expired claim counts as no claim", async () => {
  await sql("update public.clarify_messages set answering_until = now() - interval '1 second' where id = $1", [
    messageId,
  ]);
  expect(await running()).toBeNull();
});

test("returns the last published progress, also after the claim has ended, and for no longer than asked", async () => {
  expect(await told()).toBeNull();
  expect(await tell({ text: "I" })).toBe(false);
  expect(await tell({ text: "I hear" })).toBe(false);
  await endClaim();
  expect(await tell({ text: "I hear you.", ended: true })).toBe(false);
  expect(await told()).toEqual({ text: "I hear you.", ended: true });
  expect(await told(person, 0)).toBeNull();
});

test("the next publication returns a request to stop, with or without an earlier publication", async () => {
  await stop();
  expect(await told()).toBeNull();
  expect(await tell({ text: "I" })).toBe(true);
});

test("another person can neither read, publish nor stop it", async () => {
  const stranger = await createPerson(stack);
  await tell({ text: "I" });
  expect(await running(stranger)).toBeNull();
  expect(await told(stranger)).toBeNull();
  await tell({ text: "You" }, stranger);
  await stop(stranger);
  expect(await told()).toEqual({ text: "I" });
  expect(await tell({ text: "I hear" })).toBe(false);
});

test("accepts nothing without the claim, and no progress of unlimited size", async () => {
  await tell({ text: "I" }, person, randomUUID());
  const rows = await sql("select 1 from private.running_replies where user_id = $1", [person.id]);
  expect(rows).toEqual([]);
  await expect(tell({ text: Array.from({ length: 40_000 }, () => randomUUID()).join() })).rejects.toThrow();
});

test("keeps no row of a reply that ended a while ago", async () => {
  await tell({ text: "I" });
  await endClaim();
  await sql("update private.running_replies set told_at = told_at - interval '2 minutes' where user_id = $1", [
    person.id,
  ]);
  [messageId, token] = await begin();
  await tell({ text: "You" });
  const rows = await sql("select claim_token from private.running_replies where user_id = $1", [person.id]);
  expect(rows).toEqual([{ claim_token: token }]);
});

test("keeps nothing of a conversation that is removed", async () => {
  const rows = () => sql("select 1 from private.running_replies where user_id = $1", [person.id]);
  await tell({ text: "I" });
  await endClaim();
  [messageId, token] = await begin();
  await stop();
  expect(await rows()).toHaveLength(2);
  unwrap(await person.database.from("clarify_sessions").delete().eq("id", sessionId).select("id"));
  expect(await rows()).toEqual([]);
  await tell({ text: "I hear" });
  expect(await rows()).toEqual([]);
});
