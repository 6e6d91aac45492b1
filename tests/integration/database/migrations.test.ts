import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepContentOutOfLogs } from "@/server/local/quiet";
import { catalogueOf } from "@/tests/support/database/catalogue";
import type { BareDatabase } from "@/tests/support/database/test-stack";
import { openBareDatabase } from "@/tests/support/database/test-stack";

// What becomes of a database, and of the rows in it, from the first release to this one and back.

const sqlIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".sql"));
const migrations = sqlIn("supabase/migrations").sort();
/** Version 0.1.0 ended with this one. */
const firstRelease = migrations.filter((name) => name <= "20261105000000_counters_follow_rows.sql");
const since = migrations.filter((name) => !firstRelease.includes(name));
const up = (name: string) => readFileSync(`supabase/migrations/${name}`, "utf8");
const down = (name: string) => readFileSync(`supabase/rollback/${name}`, "utf8");

const PERSON = "00000000-0000-4000-8000-000000000001";
const SESSION = "00000000-0000-4000-8000-000000000002";
const MESSAGE = "00000000-0000-4000-8000-000000000003";
const REPLY = "00000000-0000-4000-8000-000000000004";
const DREAM = "00000000-0000-4000-8000-000000000005";

/** A row in every table of the first release, as somebody of then would have left them. */
const LIFE = `
  insert into auth.users (id, aud, role, email, raw_app_meta_data, raw_user_meta_data)
  values ('${PERSON}', 'authenticated', 'authenticated', 'noa@example.com', '{}', '{"name": "Noa"}');
  insert into public.clarify_sessions (id, user_id) values ('${SESSION}', '${PERSON}');
  insert into public.clarify_messages (id, user_id, session_id, role, content)
  values ('${MESSAGE}', '${PERSON}', '${SESSION}', 'user', 'I think of the sea');
  insert into public.clarify_messages
    (id, user_id, session_id, role, content, reply_to, status, model, input_tokens, output_tokens, tool_use)
  values ('${REPLY}', '${PERSON}', '${SESSION}', 'assistant', 'What draws you?', '${MESSAGE}', 'interrupted', 'claude', 10, 5, '{"dreams": []}');
  insert into public.dreams (id, user_id, session_id, title, target_date)
  values ('${DREAM}', '${PERSON}', '${SESSION}', 'Learn to sail', '2027-06-01');
  update public.clarify_sessions set dream_id = '${DREAM}';
  insert into public.clarify_patterns (user_id, session_id, type, content, strength, decayed_at)
  values ('${PERSON}', '${SESSION}', 'tension', 'Sea or land', 4, '2026-11-01');
  insert into public.reflections (user_id, dream_id, tone, content) values ('${PERSON}', '${DREAM}', 'calm', 'The harbour');
  insert into private.consolidations (user_id, attempted_at) values ('${PERSON}', '2026-11-01');
`;
const TABLES = [
  ...["auth.users", "public.users", "public.dreams", "public.clarify_sessions", "public.clarify_messages"],
  ...["public.clarify_patterns", "public.reflections", "private.consolidations"],
];

/** What this release may leave behind that the first one knows nothing of. */
const OFF_RECORD = "00000000-0000-4000-8000-000000000007";
const SINCE = `
  update public.clarify_messages set status = 'refused' where id = '${REPLY}';
  insert into public.clarify_variants (id, user_id, session_id, message_id, variant, question, content, status, created_at)
  values (gen_random_uuid(), '${PERSON}', '${SESSION}', '${MESSAGE}', 2, 'Hello', 'Hm', 'complete', now());
  insert into private.shared_accounts values ('${PERSON}');
  update public.dreams set paused = true;
  insert into public.reflections (user_id, content) values ('${PERSON}', 'Without a tone');
  insert into public.clarify_sessions (id, user_id, off_record) values (gen_random_uuid(), '${PERSON}', true);
  insert into public.clarify_messages (id, user_id, session_id, role, content)
  select '${OFF_RECORD}', user_id, id, 'user', 'Off the record' from public.clarify_sessions where off_record;
`;

/** Every row of the tables of the first release, in a fixed order. */
async function rowsOf({ query }: BareDatabase): Promise<Record<string, unknown[]>> {
  const tables = TABLES.map(async (table): Promise<[string, unknown[]]> => {
    const rows = await query(`select to_jsonb(kept) as kept from ${table} as kept order by to_jsonb(kept) ->> 'id'`);
    return [table, rows.map(({ kept }) => kept)];
  });
  return Object.fromEntries(await Promise.all(tables));
}

let old: BareDatabase;
let current: BareDatabase;
let oldCatalogue: Record<string, unknown>;
let currentCatalogue: Record<string, unknown>;
beforeAll(async () => {
  keepContentOutOfLogs();
  [old, current] = await Promise.all([openBareDatabase(), openBareDatabase()]);
  for (const name of firstRelease) await old.apply(up(name));
  await old.apply("grant usage on schema auth to anon, authenticated, service_role");
  await current.migrate();
  [oldCatalogue, currentCatalogue] = await Promise.all([catalogueOf(old.query), catalogueOf(current.query)]);
}, 120_000);
afterAll(() => Promise.all([old.close(), current.close()]));

it("every migration after the first release has its way back", () => {
  expect(sqlIn("supabase/rollback").sort()).toEqual(since);
});

describe("a database of the first release", () => {
  it("is brought to this one with nothing lost", async () => {
    await old.apply(LIFE);
    const before = await rowsOf(old);
    for (const rows of Object.values(before)) expect(rows.length).toBeGreaterThan(0);
    for (const name of since) await old.apply(up(name));
    expect(await rowsOf(old)).toMatchObject(before);
    expect(await catalogueOf(old.query)).toEqual(currentCatalogue);
  });
});

describe("a database of this release", () => {
  it("goes back to the first release, with what that one knows of kept, and forward again", async () => {
    await current.apply(LIFE);
    await current.apply(SINCE);
    const before = await rowsOf(current);
    for (const name of since.toReversed()) await current.apply(down(name));
    expect(await catalogueOf(current.query)).toEqual(oldCatalogue);

    const { "public.clarify_messages": messages, "public.reflections": reflections, ...others } = await rowsOf(current);
    expect(before).toMatchObject(others);
    expect(reflections).toContainEqual(expect.objectContaining({ content: "The harbour", tone: "calm" }));
    expect(reflections).toContainEqual(expect.objectContaining({ content: "Without a tone", tone: "–" }));
    expect(messages).toMatchObject([
      { id: MESSAGE, content: "I think of the sea" },
      { id: REPLY, content: "What draws you?", status: "failed" },
      { id: OFF_RECORD, consolidated_at: expect.any(String) },
    ]);

    expect(await current.migrate()).toEqual(since);
    expect(await catalogueOf(current.query)).toEqual(currentCatalogue);
  });
});
