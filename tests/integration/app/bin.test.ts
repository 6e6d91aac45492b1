import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, it } from "vitest";
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
beforeEach(async () => {
  app = createTestApp({ stack });
  person = await createPerson(stack);
});

const caller = (by = person) => app.as(by);

/** A conversation about the sea with a kept dream and a pattern, a reflection about the dream, and another answer. */
async function live() {
  const [sessionId, messageId, replyId] = [randomUUID(), randomUUID(), randomUUID()];
  await sql(`insert into public.clarify_sessions (id, user_id, off_record) values ($1, $2, true)`, [
    sessionId,
    person.id,
  ]);
  await sql(
    `insert into public.clarify_messages (id, user_id, session_id, role, content, reply_to, consolidated_at, input_tokens)
     values ($1, $3, $4, 'user', 'I think of the sea', null, now(), null), ($2, $3, $4, 'assistant', 'I hear', $1, null, 7)`,
    [messageId, replyId, person.id, sessionId],
  );
  await sql(
    `insert into public.clarify_variants (id, user_id, session_id, message_id, variant, question, content, status, created_at)
     values (gen_random_uuid(), $1, $2, $3, 2, 'I dream of the harbour', 'Hm', 'complete', now())`,
    [person.id, sessionId, messageId],
  );
  await sql(`update public.clarify_sessions set summary = 'Of the sea', summarised = 1 where id = $1`, [sessionId]);
  const { id: dreamId } = await caller().dreams.create({ title: "Sail", sessionId });
  await sql(`update public.clarify_sessions set dream_id = $1 where id = $2`, [dreamId, sessionId]);
  const { id: reflectionId } = await caller().reflections.create({ tone: "calm", content: "Of the boat", dreamId });
  const patterns = await sql(
    `insert into public.clarify_patterns (user_id, session_id, type, content, strength, paused)
     values ($1, $2, 'tension', 'Sea or land', 4, true) returning id`,
    [person.id, sessionId],
  );
  return { sessionId, dreamId, reflectionId, patternId: String(patterns[0]?.id), messageId };
}

const TABLES = [
  "clarify_sessions",
  "clarify_messages",
  "clarify_variants",
  "dreams",
  "reflections",
  "clarify_patterns",
  "users",
];

/** Every row of the person, without the times at which they were last touched. */
async function rows(): Promise<Record<string, unknown>> {
  const read = TABLES.map(async (table) => {
    const owner = table === "users" ? "id" : "user_id";
    const found = await sql(
      `select to_jsonb(stored) - 'updated_at' as stored from public.${table} as stored where ${owner} = $1 order by id`,
      [person.id],
    );
    return [table, found.map(({ stored }) => stored)] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

type Live = Awaited<ReturnType<typeof live>>;

const REMOVALS = {
  conversation: ({ sessionId }: Live) => caller().sessions.remove({ sessionId }),
  dream: ({ dreamId }: Live) => caller().dreams.remove({ dreamId }),
  reflection: ({ reflectionId }: Live) => caller().reflections.remove({ reflectionId }),
  pattern: ({ patternId }: Live) => caller().patterns.remove({ patternId }),
} as const;
const KINDS = Object.keys(REMOVALS) as (keyof typeof REMOVALS)[];

describe.each(KINDS)("a removed %s", (kind) => {
  it("lies in the bin, and comes back as it was, with everything that referred to it", async () => {
    const created = await live();
    const before = await rows();
    const { id } = await REMOVALS[kind](created);
    expect(await rows()).not.toEqual(before);
    const { items } = await caller().bin.list({});
    expect(items).toEqual([
      { id, kind, title: expect.any(String), removedAt: expect.any(String), goneAt: expect.any(String) },
    ]);

    expect(await caller().bin.restore({ kind, id })).toEqual({ id });
    expect(await rows()).toEqual(before);
    expect((await caller().bin.list({})).items).toEqual([]);
    await expect(caller().bin.restore({ kind, id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("is found by a search for what is to be forgotten, and forgotten with the rest", async () => {
    const created = await live();
    const { id } = await REMOVALS[kind](created);
    const search = { conversation: "harbour", dream: "sail", reflection: "boat", pattern: "sea or land" }[kind];
    const { items } = await caller().knowledge.search({ search });
    expect(items.filter(({ inBin }) => inBin)).toMatchObject([{ kind, id }]);
    await caller().knowledge.forget({ items: [{ kind, id }] });
    expect((await caller().bin.list({})).items).toEqual([]);
    expect((await caller().knowledge.search({ search })).items.filter((item) => item.id === id)).toEqual([]);
    await expect(caller().bin.restore({ kind, id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("is nobody else's to see, restore or forget", async () => {
    const { id } = await REMOVALS[kind](await live());
    const stranger = await createPerson(stack);
    expect((await caller(stranger).bin.list({})).items).toEqual([]);
    await expect(caller(stranger).bin.restore({ kind, id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await caller(stranger).knowledge.forget({ items: [{ kind, id }] })).toEqual({ removed: 0 });
    for (const statement of [
      stranger.database.from("bin").delete().eq("id", id),
      stranger.database.from("bin").select("id"),
    ]) {
      expect((await statement).data ?? []).toEqual([]);
    }
    expect((await caller().bin.list({})).items).toHaveLength(1);
  });

  it("cannot be restored after 30 days, and goes with the next removal", async () => {
    const created = await live();
    const { id } = await REMOVALS[kind](created);
    await sql(`update public.bin set removed_at = now() - interval '31 days' where id = $1`, [id]);
    expect((await caller().bin.list({})).items).toEqual([]);
    await expect(caller().bin.restore({ kind, id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const another = await caller().dreams.create({ title: "Another" });
    await caller().dreams.remove({ dreamId: another.id });
    expect(await sql(`select id from public.bin where user_id = $1`, [person.id])).toEqual([{ id: another.id }]);
  });
});

describe("the bin", () => {
  it("is in no search, list, context and count", async () => {
    const created = await live();
    for (const kind of KINDS) await REMOVALS[kind](created);
    const { sessions, dreams, reflections, patterns, clarifyContext } = caller();
    const lists = await Promise.all([
      sessions.list({ status: "active" }),
      sessions.search({ search: "sea" }),
      dreams.list({}),
      reflections.list({}),
      patterns.list({}),
    ]);
    for (const { items } of lists) expect(items).toEqual([]);
    const { text } = await clarifyContext.get({ sessionId: null });
    expect(text).toContain("0 sessions and 0 reflections");
    for (const word of ["sea", "Sail", "boat", "harbour"]) expect(text).not.toContain(word);
    await app.backgroundDone();
  });

  it("is in the copy of everything that is stored", async () => {
    const { id } = await REMOVALS.dream(await live());
    const pieces = await collect(await caller().account.export());
    expect(JSON.parse(pieces.join("")).bin).toMatchObject([{ id, content: { rows: { dreams: [{ title: "Sail" }] } } }]);
  });

  it("goes with the account", async () => {
    const { id } = await REMOVALS.conversation(await live());
    await caller().account.remove({ email: person.email });
    expect(await sql(`select id from public.bin where id = $1`, [id])).toEqual([]);
  });

  it("restores a conversation whose dream is gone, and a dream whose conversation is, without it", async () => {
    const created = await live();
    await REMOVALS.conversation(created);
    await REMOVALS.dream(created);
    await caller().bin.restore({ kind: "conversation", id: created.sessionId });
    expect(await sql(`select dream_id from public.clarify_sessions where id = $1`, [created.sessionId])).toEqual([
      { dream_id: null },
    ]);
    await caller().bin.restore({ kind: "dream", id: created.dreamId });
    expect(await caller().dreams.list({})).toMatchObject({ items: [{ id: created.dreamId }] });
  });

  it("takes a conversation without its running reply, which stores nothing any more and can be had anew", async () => {
    const created = await live();
    const [id, token] = [randomUUID(), randomUUID()];
    const begun = { p_session_id: created.sessionId, p_message_id: id, p_content: "And now?", p_history_limit: 20 };
    await person.database.rpc("begin_message", { ...begun, p_claim_token: token, p_claim_ms: 60_000 });
    await REMOVALS.conversation(created);
    await caller().bin.restore({ kind: "conversation", id: created.sessionId });
    const reply = { p_reply_id: randomUUID(), p_content: "Late", p_status: "complete", p_model: "offline" } as const;
    const stored = await person.database.rpc("store_reply", {
      ...reply,
      p_message_id: id,
      p_claim_token: token,
      p_tool_use: null,
      p_usage: null,
    });
    expect(stored.error?.code).toBe("PT409");
    const message = { sessionId: created.sessionId, id, content: "And now?" };
    expect((await collect(await caller().messages.send(message))).at(-1)).toMatchObject({ type: "message" });
    await app.backgroundDone();
  });

  it("does not let a first message begin a conversation again that is in it", async () => {
    const created = await live();
    await REMOVALS.conversation(created);
    const first = { sessionId: created.sessionId, id: randomUUID(), content: "Hello", opens: { offRecord: false } };
    await expect((async () => collect(await caller().messages.send(first)))()).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await caller().bin.restore({ kind: "conversation", id: created.sessionId });
    expect(await caller().sessions.get({ sessionId: created.sessionId })).toMatchObject({ messageCount: 2 });
  });

  it("is not the person's to write", async () => {
    const { id } = await REMOVALS.dream(await live());
    const forged = { removed_at: "2999-01-01", title: "Forged" };
    // The types know that no client writes it.
    const bin = person.database.from("bin") as unknown as {
      update(row: object): { eq(column: string, value: string): { select(): PromiseLike<{ data: unknown }> } };
    };
    expect((await bin.update(forged).eq("id", id).select()).data ?? []).toEqual([]);
    expect((await caller().bin.list({})).items).toMatchObject([{ title: "Sail" }]);
  });
});
