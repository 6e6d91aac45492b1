import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, test } from "vitest";
import { openServiceDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";

const stack = inject("stack");
const sql = createSqlClient(stack);
/** Messages are stored by functions; here they are inserted as the jobs could. */
const service = openServiceDatabase(stack);
let person: Person;

beforeEach(async () => {
  person = await createPerson(stack);
});

async function newSession(values: { title?: string } = {}): Promise<string> {
  const query = person.database.from("clarify_sessions").insert({ user_id: person.id, ...values });
  return unwrap(await query.select("id").single()).id;
}

async function say(sessionId: string, content: string, at?: string): Promise<string> {
  const id = randomUUID();
  const row = { id, user_id: person.id, session_id: sessionId, role: "user" as const, content };
  unwrap(await service.from("clarify_messages").insert({ ...row, ...(at && { created_at: at }) }));
  return id;
}

const readSession = async (id: string) =>
  unwrap(await person.database.from("clarify_sessions").select("*").eq("id", id).single());
const readTotals = async () =>
  unwrap(await person.database.from("users").select("total_sessions, total_reflections").single());

describe("totals of a person", () => {
  test("follow sessions", async () => {
    const first = await newSession();
    await newSession();
    expect(await readTotals()).toEqual({ total_sessions: 2, total_reflections: 0 });
    unwrap(await person.database.from("clarify_sessions").delete().eq("id", first));
    expect(await readTotals()).toEqual({ total_sessions: 1, total_reflections: 0 });
  });

  test("follow reflections", async () => {
    const rows = ["one", "two", "three"].map((content) => ({ user_id: person.id, tone: "calm", content }));
    unwrap(await person.database.from("reflections").insert(rows));
    expect((await readTotals()).total_reflections).toBe(3);
    unwrap(await person.database.from("reflections").delete().in("content", ["one", "two"]));
    expect((await readTotals()).total_reflections).toBe(1);
  });

  test("an archived session still counts", async () => {
    const id = await newSession();
    unwrap(await person.database.from("clarify_sessions").update({ status: "archived" }).eq("id", id));
    expect((await readTotals()).total_sessions).toBe(1);
  });
});

describe("counters of a session", () => {
  test("follow added and removed messages", async () => {
    const id = await newSession();
    const { created_at } = await readSession(id);
    const first = await say(id, "First", "2026-01-02T08:00:00Z");
    expect((await readSession(id)).message_count).toBe(1);
    expect((await readSession(id)).last_message_at).toBe(created_at);

    const last = await say(id, "Last", "2099-01-02T08:00:00Z");
    const full = await readSession(id);
    expect(full.message_count).toBe(2);
    expect(toIsoTimestamp(full.last_message_at)).toBe("2099-01-02T08:00:00.000Z");

    unwrap(await person.database.from("clarify_messages").delete().eq("id", last));
    const shorter = await readSession(id);
    expect(shorter.message_count).toBe(1);
    expect(toIsoTimestamp(shorter.last_message_at)).toBe("2026-01-02T08:00:00.000Z");

    unwrap(await person.database.from("clarify_messages").delete().eq("id", first));
    const empty = await readSession(id);
    expect(empty).toMatchObject({ message_count: 0, last_message_at: empty.created_at });
  });

  test("a message that was stored before counts once", async () => {
    const id = await newSession();
    const row = { id: randomUUID(), user_id: person.id, session_id: id, role: "user" as const, content: "Hello" };
    const once = { onConflict: "id", ignoreDuplicates: true };
    unwrap(await service.from("clarify_messages").upsert(row, once));
    unwrap(await service.from("clarify_messages").upsert(row, once));
    expect((await readSession(id)).message_count).toBe(1);
  });

  test("removing a session removes its messages", async () => {
    const id = await newSession();
    await say(id, "Hello");
    unwrap(await person.database.from("clarify_sessions").delete().eq("id", id));
    expect(await sql("select id from public.clarify_messages where session_id = $1", [id])).toEqual([]);
  });
});

test("deleting an account deletes all its rows", async () => {
  const id = await newSession();
  await say(id, "Hello");
  unwrap(await person.database.from("dreams").insert({ user_id: person.id, title: "A dream", session_id: id }));
  unwrap(await person.database.from("reflections").insert({ user_id: person.id, tone: "calm", content: "Quiet" }));
  await sql("delete from auth.users where id = $1", [person.id]);
  for (const table of ["clarify_sessions", "clarify_messages", "dreams", "reflections"]) {
    expect(await sql(`select id from public.${table} where user_id = $1`, [person.id]), table).toEqual([]);
  }
});

describe("the title of a session", () => {
  test.each([
    ["a short message as it is", "I want to write", "I want to write"],
    ["on one line", "  I want\n\nto   write ", "I want to write"],
    [
      "a long one cut at a word",
      "I keep thinking about leaving my job and starting a small bakery by the sea",
      "I keep thinking about leaving my job and starting a small…",
    ],
    ["exactly sixty characters whole", "a".repeat(60), "a".repeat(60)],
    ["one long word cut", "b".repeat(80), `${"b".repeat(59)}…`],
    ["emoji never cut in two", "😀".repeat(80), `${"😀".repeat(59)}…`],
    ["Hebrew", "אני רוצה לכתוב ספר", "אני רוצה לכתוב ספר"],
  ])("is its first message: %s", async (_name, content, title) => {
    const id = await newSession();
    await say(id, content);
    expect((await readSession(id)).title).toBe(title);
  });

  test("keeps the title from the first message", async () => {
    const id = await newSession();
    await say(id, "First");
    await say(id, "Second");
    expect((await readSession(id)).title).toBe("First");
  });

  test("keeps the title from the person", async () => {
    const id = await newSession({ title: "Mine" });
    await say(id, "First");
    expect((await readSession(id)).title).toBe("Mine");
  });
});

describe("dates", () => {
  test("only a change sets updated_at", async () => {
    const query = service
      .from("dreams")
      .insert({ user_id: person.id, title: "Old", updated_at: "2020-05-05T05:05:05Z" });
    const dream = unwrap(await query.select("*").single());
    expect(toIsoTimestamp(dream.updated_at)).toBe("2020-05-05T05:05:05.000Z");
    const changed = unwrap(
      await person.database.from("dreams").update({ title: "New" }).eq("id", dream.id).select("*").single(),
    );
    expect(toIsoTimestamp(changed.updated_at) > "2026").toBe(true);
    expect(changed.created_at).toBe(dream.created_at);
  });

  test("a dream that is achieved, and then active again", async () => {
    const { id } = unwrap(
      await person.database.from("dreams").insert({ user_id: person.id, title: "A dream" }).select("id").single(),
    );
    const become = async (status: "active" | "achieved" | "released") =>
      unwrap(await person.database.from("dreams").update({ status }).eq("id", id).select("*").single());
    expect(await become("achieved")).toMatchObject({ achieved_at: expect.any(String), released_at: null });
    expect(await become("released")).toMatchObject({ achieved_at: null, released_at: expect.any(String) });
    expect(await become("active")).toMatchObject({ achieved_at: null, released_at: null });
  });
});

describe("the database enforces the limits", () => {
  test.each([
    ["an empty message", "clarify_messages", { role: "user", content: "" }],
    ["a blank message", "clarify_messages", { role: "user", content: " \n " }],
    ["a message of 4,001 characters", "clarify_messages", { role: "user", content: "x".repeat(4_001) }],
    ["a reply of 100,001 characters", "clarify_messages", { role: "assistant", content: "x".repeat(100_001) }],
    ["an unknown role", "clarify_messages", { role: "system", content: "x" }],
    ["a title of 201 characters", "dreams", { title: "x".repeat(201) }],
    ["an unknown status", "dreams", { title: "x", status: "lost" }],
    ["strength 11", "clarify_patterns", { type: "tension", content: "x", strength: 11 }],
    ["strength 0", "clarify_patterns", { type: "tension", content: "x", strength: 0 }],
    ["an unknown type of pattern", "clarify_patterns", { type: "mood", content: "x" }],
    ["an empty reflection", "reflections", { tone: "calm", content: "" }],
  ])("%s is refused", async (_name, table, values) => {
    const link = table === "clarify_messages" ? { id: randomUUID(), session_id: await newSession() } : {};
    const columns = { user_id: person.id, ...link, ...values };
    const names = Object.keys(columns);
    const statement = `insert into public.${table} (${names}) values (${names.map((_, index) => `$${index + 1}`)})`;
    await expect(sql(statement, Object.values(columns))).rejects.toThrow("violates check constraint");
  });

  test("a message of 4,000 characters and a reply of 100,000 are not", async () => {
    const session_id = await newSession();
    const row = { user_id: person.id, session_id };
    const rows = [
      { ...row, id: randomUUID(), role: "user" as const, content: "x".repeat(4_000) },
      { ...row, id: randomUUID(), role: "assistant" as const, content: "x".repeat(100_000) },
    ];
    unwrap(await service.from("clarify_messages").insert(rows));
    expect((await readSession(session_id)).message_count).toBe(2);
  });
});
