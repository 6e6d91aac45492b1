import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import { beforeEach, describe, expect, inject, it } from "vitest";
import { unwrap } from "@/server/database/errors";
import type { SignedUpPerson } from "@/tests/support/database/person";
import { signUpPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";

// What a person can do with their own token, without the app.

const stack = inject("stack");
const sql = createSqlClient(stack);

let person: SignedUpPerson;
let sessionId: string;
beforeEach(async () => {
  person = await signUpPerson(stack);
  const session = person.database.from("clarify_sessions").insert({ user_id: person.id }).select("id").single();
  sessionId = unwrap(await session).id;
});

const forbidden = { code: "forbidden" };
const invalid = { code: "invalid" };

describe("messages", () => {
  const row = (more: object) => ({
    ...{ id: randomUUID(), user_id: person.id, session_id: sessionId, role: "user" as const, content: "hello" },
    ...more,
  });

  it.each([
    ["a forged reply", { role: "assistant", content: "x".repeat(99_600) }],
    ["one of their own, past the claim", {}],
    ["bookkeeping", { consolidated_at: "2026-01-01T00:00:00Z", model: "mine", input_tokens: 1 }],
  ])("are not inserted: %s", async (_what, more) => {
    const inserting = person.database.from("clarify_messages").insert(row(more));
    await expect(inserting.then(unwrap)).rejects.toMatchObject(forbidden);
  });

  it("cannot be changed", async () => {
    const id = randomUUID();
    await sql(
      "insert into public.clarify_messages (id, user_id, session_id, role, content) values ($1, $2, $3, 'user', 'hi')",
      [id, person.id, sessionId],
    );
    const changes = { content: "changed", consolidated_at: "2026-01-01T00:00:00Z", model: "mine", output_tokens: 9 };
    const changing = person.database.from("clarify_messages").update(changes).eq("id", id).select("id");
    expect(unwrap(await changing)).toEqual([]);
  });
});

describe("patterns", () => {
  it("are found by the consolidation; a person may only change their words and pause them", async () => {
    const pattern = { user_id: person.id, type: "tension" as const, content: "mine" };
    await expect(person.database.from("clarify_patterns").insert(pattern).then(unwrap)).rejects.toMatchObject(
      forbidden,
    );
    await sql("insert into public.clarify_patterns (user_id, type, content) values ($1, 'tension', 'found')", [
      person.id,
    ]);
    const change = (columns: object) =>
      person.database.from("clarify_patterns").update(columns).eq("user_id", person.id).select("content, paused");
    for (const forged of [{ strength: 10 }, { type: "identity_signal" }, { message_ids: [person.id] }]) {
      await expect(change(forged).then(unwrap)).rejects.toMatchObject(forbidden);
    }
    const changed = change({ content: "In my words", paused: true });
    expect(unwrap(await changed)).toEqual([{ content: "In my words", paused: true }]);
  });
});

describe("dates", () => {
  it.each(["infinity", "-infinity", "2026-01-01T00:00:00Z", "294276-01-01T00:00:00Z"])(
    "of a new row are the database's, not %s",
    async (at) => {
      const dream = { user_id: person.id, title: "A dream", created_at: at, updated_at: at, achieved_at: at };
      const stored = unwrap(await person.database.from("dreams").insert(dream).select("*").single());
      expect(Math.abs(Date.now() - Date.parse(stored.created_at))).toBeLessThan(60_000);
      expect(stored.achieved_at).toBeNull();
    },
  );

  it.each(["infinity", "-infinity", "10000-01-01", "0044-03-15 BC"])(
    "are refused where they are the person's: %s",
    async (day) => {
      const dream = { user_id: person.id, title: "A dream", target_date: day };
      await expect(person.database.from("dreams").insert(dream).then(unwrap)).rejects.toMatchObject(invalid);
    },
  );

  it.each(["dreams", "clarify_sessions", "reflections", "clarify_messages", "clarify_patterns", "users"])(
    "are finite in %s, whoever writes",
    async (table) => {
      const checks = await sql(
        "select count(*)::int as count from pg_constraint where conrelid = $1::regclass and conname like '%_range'",
        [`public.${table}`],
      );
      const columns = await sql(
        `select count(*)::int as count from information_schema.columns where table_schema = 'public' and table_name = $1
         and data_type in ('timestamp with time zone', 'date') and column_name not in ('answering_until')`,
        [table],
      );
      expect(checks[0]?.count).toBeGreaterThanOrEqual(Number(columns[0]?.count));
    },
  );
});

describe("a shared account", () => {
  beforeEach(() => sql("insert into private.shared_accounts values ($1)", [person.id]));

  it("cannot be removed", async () => {
    const removing = person.database.rpc("remove_account", { p_email: person.email });
    await expect(removing.then(unwrap)).rejects.toMatchObject(forbidden);
  });

  it("keeps its password and its address, and lets people sign in", async () => {
    const client = createClient(stack.url, stack.publishableKey, { auth: { persistSession: false } });
    const credentials = { email: person.email, password: person.password };
    expect((await client.auth.signInWithPassword(credentials)).error).toBeNull();
    expect((await client.auth.updateUser({ password: "taken-over-now" })).error).not.toBeNull();
    expect(
      (await client.auth.updateUser({ email: `${randomUUID()}@example.com` })).data.user?.email ?? person.email,
    ).toBe(person.email);
    expect((await client.auth.signInWithPassword(credentials)).error).toBeNull();
  });
});
