import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, it } from "vitest";
import type { BinKind } from "@/server/bin/bin";
import { systemClock } from "@/server/clock";
import { MOST_AT_ONCE } from "@/server/knowledge/search-knowledge";
import { collect } from "@/tests/support/collect";
import { insertRow } from "@/tests/support/database/insert-row";
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

const insert = (table: string, columns: Record<string, unknown>, by = person) => insertRow(sql, by.id, table, columns);

/** One item of each kind that contains the text. */
async function live(about: string, by = person) {
  const conversation = await insert("clarify_sessions", { title: "A walk" }, by);
  return {
    conversation,
    message: await insert("clarify_messages", { session_id: conversation, role: "user", content: about }, by),
    dream: await insert("dreams", { title: "A house", description: about }, by),
    reflection: await insert("reflections", { tone: "calm", content: about }, by),
    pattern: await insert("clarify_patterns", { type: "tension", content: about }, by),
  };
}

const caller = (by = person) => app.as(by).knowledge;

async function found(search: string, by = person): Promise<Partial<Record<BinKind, string[]>>> {
  const { items } = await caller(by).search({ search });
  const byKind = Map.groupBy(items, ({ kind }) => kind);
  return Object.fromEntries([...byKind].map(([kind, each]) => [kind, each.map(({ id }) => id)]));
}

const TABLES = ["clarify_sessions", "clarify_messages", "dreams", "reflections", "clarify_patterns"];

async function kept({ id }: Person): Promise<number[]> {
  const counts = TABLES.map((table) => `(select count(*)::int from public.${table} where user_id = $1) as ${table}`);
  const [row = {}] = await sql(`select ${counts.join(", ")}`, [id]);
  return TABLES.map((table) => Number(row[table]));
}

describe("knowledge.search", () => {
  it("finds everything that contains the words, of every kind and in any script, and nothing else", async () => {
    await live("Nothing of the kind");
    const { message: _, ...ids } = await live("אמרתי שָׁלוֹם לאחותי Rósa");
    const all = Object.fromEntries(Object.entries(ids).map(([kind, id]) => [kind, [id]]));
    for (const search of ["שלום", "ROSA", "לאחותי rosa"]) expect(await found(search)).toEqual(all);
    expect(await found("rosa nothing")).toEqual({});
    expect(await found("\u0301")).toEqual({});
  });

  it("returns an excerpt, the time and, for a conversation, its title and size", async () => {
    const { conversation, dream } = await live("Rosa lives by the sea.");
    const at = "2026-01-01T00:01:00.000Z";
    const later = { session_id: conversation, role: "assistant", content: "You miss Rosa.", created_at: at };
    await sql("update public.clarify_messages set created_at = '2026-01-01' where user_id = $1", [person.id]);
    await insert("clarify_messages", later);
    const { items } = await caller().search({ search: "rosa" });
    expect(items.find(({ id }) => id === conversation)).toEqual({
      kind: "conversation",
      id: conversation,
      excerpt: [
        { text: "You miss ", found: false },
        { text: "Rosa", found: true },
        { text: ".", found: false },
      ],
      at,
      conversation: { title: "A walk", messageCount: 2 },
      inBin: false,
    });
    expect(items.find(({ id }) => id === dream)).toMatchObject({
      excerpt: [
        { text: "A house · ", found: false },
        { text: "Rosa", found: true },
        { text: " lives by the sea.", found: false },
      ],
      conversation: null,
    });
  });

  it("searches titles, tones, categories, summaries, answers that are not chosen and dreams that one kept", async () => {
    const titled = await insert("clarify_sessions", { title: "With Rosa", status: "archived", off_record: true });
    const summed = await insert("clarify_sessions", {});
    await sql("update public.clarify_sessions set summary = 'They spoke of Rosa.' where id = $1", [summed]);
    const answered = await insert("clarify_sessions", {});
    const message_id = await insert("clarify_messages", { session_id: answered, role: "user", content: "How is she?" });
    const variant = { message_id, variant: 1, question: "How is she?", status: "complete", created_at: "2026-01-01" };
    await insert("clarify_variants", { ...variant, session_id: answered, content: "Rosa is well." });
    const tool_use = {
      dreams: [
        { id: randomUUID(), title: "Sail" },
        { id: randomUUID(), title: "Visit Rosa" },
      ],
    };
    const kept = await insert("clarify_sessions", {});
    await insert("clarify_messages", { session_id: kept, role: "assistant", content: "It is kept.", tool_use });
    const keptBefore = await insert("clarify_sessions", {});
    const asked = await insert("clarify_messages", { session_id: keptBefore, role: "user", content: "Keep it" });
    await insert("clarify_variants", {
      ...{ ...variant, message_id: asked, session_id: keptBefore, content: "It is kept." },
      tool_use,
    });
    const dream = await insert("dreams", { title: "A house", category: "Rosa" });
    const reflection = await insert("reflections", { tone: "like Rosa", content: "Quiet" });
    await insert("clarify_patterns", { type: "tension", content: "Nothing of her" });
    const { conversation, ...others } = await found("rosa");
    expect(others).toEqual({ dream: [dream], reflection: [reflection] });
    expect(conversation?.toSorted()).toEqual([titled, summed, answered, kept, keptBefore].toSorted());
  });

  it("returns the newest items, at most as many as one call forgets, and whether there are more", async () => {
    await sql(
      `insert into public.reflections (user_id, tone, content, created_at)
       select $1, 'calm', 'Rosa ' || n, '2026-01-01'::timestamptz + n * interval '1 minute' from generate_series(1, $2::int) n`,
      [person.id, MOST_AT_ONCE + 1],
    );
    const { items, more } = await caller().search({ search: "rosa" });
    expect(more).toBe(true);
    expect(items).toHaveLength(MOST_AT_ONCE);
    expect(items.map(({ at }) => at)).toEqual(
      items
        .map(({ at }) => at)
        .toSorted()
        .reverse(),
    );
    await caller().forget({ items: items.map(({ kind, id }) => ({ kind, id })) });
    expect(await caller().search({ search: "rosa" })).toMatchObject({ items: [{ kind: "reflection" }], more: false });
  });

  it("finds nothing of another person, and refuses callers who are not signed in", async () => {
    await live("Rosa", await createPerson(stack));
    expect(await found("rosa")).toEqual({});
    await expect(app.as(null).knowledge.search({ search: "rosa" })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    await expect(caller().search({ search: " " })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });

  it("shares its limit per person with the search inside messages", async () => {
    const counting = createTestApp({ stack, clock: { ...systemClock, now: () => 1_800_000_000_000 } });
    const { knowledge, sessions } = counting.as(person);
    await Promise.all(Array.from({ length: 39 }, () => knowledge.search({ search: "\u0301" })));
    await sessions.search({ search: "\u0301" });
    await expect(knowledge.search({ search: "rosa" })).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
      cause: { retryAfterMs: 1_000 },
    });
  });
});

describe("knowledge.forget", () => {
  it("removes the given items and the messages of conversations, and nothing else", async () => {
    await live("Nothing of the kind");
    const { message: _, ...ids } = await live("Rosa");
    const chosen = Object.entries(ids).filter(([kind]) => kind !== "dream");
    const items = chosen.map(([kind, id]) => ({ kind: kind as BinKind, id }));
    expect(await caller().forget({ items })).toEqual({ removed: 3 });
    expect(await kept(person)).toEqual([1, 1, 2, 1, 1]);
    expect(await found("rosa")).toEqual({ dream: [ids.dream] });
    // A client repeats a call whose answer was lost.
    expect(await caller().forget({ items })).toEqual({ removed: 0 });
    expect(await kept(person)).toEqual([1, 1, 2, 1, 1]);
  });

  it("removes nothing of another person", async () => {
    const stranger = await createPerson(stack);
    const { message: _, ...ids } = await live("Rosa", stranger);
    const items = Object.entries(ids).map(([kind, id]) => ({ kind: kind as BinKind, id }));
    expect(await caller().forget({ items })).toEqual({ removed: 0 });
    await expect(app.as(null).knowledge.forget({ items })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    expect(await kept(stranger)).toEqual([1, 1, 1, 1, 1]);
  });

  it("refuses an empty list, an unknown kind and more items than one call may have", async () => {
    const item = (id: string) => ({ kind: "dream" as const, id });
    const tooMany = Array.from({ length: MOST_AT_ONCE + 1 }, () => item(randomUUID()));
    for (const items of [[], tooMany, [item("x")], [{ kind: "account" as "dream", id: randomUUID() }]]) {
      await expect(caller().forget({ items })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    }
  });

  it("stops a reply that is being written in a removed conversation", async () => {
    const { conversation } = await live("Rosa");
    const key = { userId: person.id, sessionId: conversation, id: randomUUID() };
    const untilStopped = (_emit: unknown, signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    const reply = collect(app.services.replies.listen(key, untilStopped, new AbortController().signal));
    await caller().forget({ items: [{ kind: "conversation", id: conversation }] });
    expect(await reply).toEqual([]);
  });
});
