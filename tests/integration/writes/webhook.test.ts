import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClarifyContext, SectionName } from "@/server/clarify/context";
import { handleDatabaseWebhook } from "@/server/hooks/database-webhook";
import { keepContentOutOfLogs } from "@/server/local/quiet";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { RunSql } from "@/tests/support/database/sql";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestStack } from "@/tests/support/database/test-stack";
import { startStack } from "@/tests/support/database/test-stack";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

const SECRET = "the-secret-of-this-project";
const BLANK = /<[A-Z_]+>/g;
const template = await readFile("supabase/webhooks.sql", "utf8");

// Stands in for pg_net, which only hosted projects have: keeps what would be sent.
const PG_NET = `
  create schema net;
  create table net.queue (id bigint generated always as identity, url text, headers jsonb, body jsonb);
  create function net.http_post(
    url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{}',
    timeout_milliseconds integer default 1000
  ) returns bigint language sql as $$
    insert into net.queue (url, headers, body) values (url, headers, body) returning id
  $$;
`;

interface Queued {
  url: string;
  headers: Record<string, string>;
  body: { type: string; table: string; record: object | null; old_record: object | null };
}

let own: TestStack;
let sql: RunSql;
let app: TestApp;
let person: Person;

// A stack of its own, because the triggers would tell of every other test as well.
beforeAll(async () => {
  keepContentOutOfLogs();
  own = await startStack({ driver: "pglite" });
  sql = createSqlClient(own.address);
  const filledIn = template
    .replace("create extension if not exists pg_net;", () => PG_NET)
    .replace("<APP_URL>", "https://app.example/")
    .replace("<WEBHOOK_SECRET>", SECRET);
  for (const statement of statements(filledIn)) await sql(statement);
  app = createTestApp({ stack: own.address });
  person = await createPerson(own.address, { name: "Noa" });
});
afterAll(() => own.stop());

/** One statement at a time, as the side door takes them; those of functions have semicolons of their own. */
function statements(script: string): string[] {
  const parts = script.split(/(\$\$[\s\S]*?\$\$)/);
  const marked = parts.map((part, index) =>
    index % 2 === 1 ? part : part.replace(/--.*$/gm, "").replaceAll(";", "\0"),
  );
  return marked
    .join("")
    .split("\0")
    .map((statement) => statement.trim())
    .filter(Boolean);
}

/** Takes what is queued, and delivers it as pg_net would. */
async function deliver(): Promise<Queued[]> {
  const queued = (await sql(`select url, headers, body from net.queue order by id`)) as unknown as Queued[];
  await sql(`delete from net.queue`);
  for (const { url, headers, body } of queued) {
    const request = new Request(url, { method: "POST", headers, body: JSON.stringify(body) });
    const { cache, logger } = app.services;
    const response = await handleDatabaseWebhook(request, { cache, secret: SECRET, logger });
    expect(response.status).toBe(200);
  }
  return queued;
}

async function context(): Promise<ClarifyContext> {
  const built = await app.as(person).clarifyContext.get({ sessionId: null });
  await app.backgroundDone();
  return built;
}

type Shown = Partial<Record<SectionName, string[]>>;

const labels = ({ sections }: ClarifyContext): Shown =>
  Object.fromEntries(sections.map(({ name, items }) => [name, items.map(({ label }) => label)]));

describe("supabase/webhooks.sql", () => {
  it("has exactly two blanks", () => {
    const code = template.replace(/^--.*$/gm, "");
    expect(code.match(BLANK)).toEqual(["<APP_URL>", "<WEBHOOK_SECRET>"]);
    expect(template.match(BLANK)).toHaveLength(2);
  });

  it("may be run again", async () => {
    const again = statements(template.replace("create extension if not exists pg_net;", ""));
    for (const statement of again) {
      await sql(statement.replace("<APP_URL>", "https://app.example").replace("<WEBHOOK_SECRET>", SECRET));
    }
  });

  it("sends ids, and nothing that a person wrote", async () => {
    await deliver();
    await sql(`insert into public.reflections (user_id, tone, content) values ($1, 'calm', 'my secret')`, [person.id]);
    const queued = await deliver();
    expect(queued.find(({ body }) => body.table === "reflections")).toEqual({
      url: "https://app.example/api/hooks/database",
      headers: { "content-type": "application/json", authorization: `Bearer ${SECRET}` },
      body: {
        type: "INSERT",
        schema: "public",
        table: "reflections",
        record: { id: expect.any(String), user_id: person.id },
        old_record: null,
      },
    });
    expect(JSON.stringify(queued)).not.toMatch(/my secret|Noa/);
  });
});

describe("a row that is changed directly in the database", () => {
  it.each([
    [
      "a subscription",
      `update public.users set tier = 'pro' where id = $1`,
      (_: Shown, { text }: ClarifyContext) => expect(text).toContain("on the pro plan"),
    ],
    [
      "a name",
      `update public.users set name = 'Noa Levi' where id = $1`,
      (shown: Shown) => expect(shown.user?.[0]).toBe("Noa Levi"),
    ],
    [
      "a dream",
      `insert into public.dreams (user_id, title) values ($1, 'Learn to sail')`,
      (shown: Shown) => expect(shown.dreams).toEqual(["Learn to sail"]),
    ],
    [
      "a dream's title",
      `update public.dreams set title = 'Sail alone' where user_id = $1`,
      (shown: Shown) => expect(shown.dreams).toEqual(["Sail alone"]),
    ],
    [
      "a pattern",
      `insert into public.clarify_patterns (user_id, type, content, strength) values ($1, 'tension', 'Sea or land', 5)`,
      (shown: Shown) => expect(shown.patterns).toEqual(["Sea or land"]),
    ],
    [
      "a session",
      `insert into public.clarify_sessions (user_id) values ($1)`,
      (shown: Shown) =>
        expect([shown.sessions, shown.user?.[2]]).toEqual([["Not named yet"], expect.stringMatching(/^1 sessions/)]),
    ],
    [
      "a message",
      `insert into public.clarify_messages (id, user_id, session_id, role, content)
       select gen_random_uuid(), user_id, id, 'user', 'I think of the sea' from public.clarify_sessions where user_id = $1`,
      (shown: Shown) => expect(shown.sessions).toEqual(["I think of the sea"]),
    ],
    [
      "a removed session",
      `delete from public.clarify_sessions where user_id = $1`,
      (shown: Shown) => expect([shown.sessions, shown.user?.[2]]).toEqual([[], expect.stringMatching(/^0 sessions/)]),
    ],
    [
      "a removed reflection",
      `delete from public.reflections where user_id = $1`,
      (shown: Shown) => expect(shown.reflections).toEqual([]),
    ],
  ])("is in the next context after its webhook: %s", async (_what, statement, expectShown) => {
    await context();
    await deliver();
    await context();
    await sql(statement, [person.id]);
    expect((await deliver()).length).toBeGreaterThan(0);
    const next = await context();
    expectShown(labels(next), next);
  });

  it("is in both people's next context when it changes hands, late, twice and out of order", async () => {
    const other = await createPerson(own.address, { name: "Somebody else" });
    await sql(`update public.dreams set user_id = $2 where user_id = $1`, [person.id, other.id]);
    const theirs = () => app.as(other).clarifyContext.get({ sessionId: null });
    await deliver();
    expect(labels(await context()).dreams).toEqual([]);
    expect(labels(await theirs()).dreams).toEqual(["Sail alone"]);
    await app.backgroundDone();

    await sql(`update public.dreams set user_id = $2 where user_id = $1`, [other.id, person.id]);
    await sql(`update public.dreams set title = 'Learn to sail' where user_id = $1`, [person.id]);
    const queued = (await sql(`select url, headers, body from net.queue order by id desc`)) as unknown as Queued[];
    await sql(`insert into net.queue (url, headers, body) select url, headers, body from net.queue order by id desc`);
    expect(queued).toHaveLength(2);
    await deliver();
    expect(labels(await context()).dreams).toEqual(["Learn to sail"]);
    expect(labels(await theirs()).dreams).toEqual([]);
    await app.backgroundDone();
  });

  it("tells nobody when messages are only marked as consolidated", async () => {
    await sql(`insert into public.clarify_sessions (user_id) values ($1)`, [person.id]);
    await sql(
      `insert into public.clarify_messages (id, user_id, session_id, role, content)
       select gen_random_uuid(), user_id, id, 'user', 'Hello' from public.clarify_sessions where user_id = $1`,
      [person.id],
    );
    await deliver();
    await sql(`update public.clarify_messages set consolidated_at = now() where user_id = $1`, [person.id]);
    expect(await deliver()).toEqual([]);
  });

  it("forgets everything of a person whose account is removed", async () => {
    await context();
    await sql(`delete from auth.users where id = $1`, [person.id]);
    await deliver();
    const { sections } = await context();
    expect(sections.map(({ itemsLoaded }) => itemsLoaded)).toEqual([0, 0, 0, 0, 0]);
  });
});
