import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CacheStore, StoreFactory } from "@/server/cache";
import { StoreError } from "@/server/cache";
import type { ClarifyContext, SectionName } from "@/server/clarify/sections";
import { SECTION_NAMES } from "@/server/clarify/sections";
import { tables } from "@/server/database/schema";
import { WRITE_ID_HEADER } from "@/server/database/write-scope";
import { handleDatabaseWebhook } from "@/server/hooks/database-webhook";
import { keepContentOutOfLogs } from "@/server/local/quiet";
import { collect } from "@/tests/support/collect";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { RunSql } from "@/tests/support/database/sql";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestStack } from "@/tests/support/database/test-stack";
import { startStack } from "@/tests/support/database/test-stack";
import { CacheRedis } from "@/tests/support/redis/cache-redis";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";
import { contextOf, labelsOf, warm } from "./support/reading";

const SECRET = "the-secret-of-this-project";
const BLANK = /<[A-Z_]+>/g;
const template = await readFile("supabase/webhooks.sql", "utf8");

// In place of pg_net, which only hosted projects have: keeps what would be sent.
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
  body: { type: string; table: string; write: string | null; record: object | null; old_record: object | null };
}

let own: TestStack;
let sql: RunSql;
let redis: CacheRedis;
/** The process that receives the reports, and the one that people use. */
let receiver: TestApp;
let app: TestApp;
let person: Person;
/** Every kind of event that was delivered. */
const delivered = new Set<string>();

// A stack of its own, because the triggers would report every other test as well.
beforeAll(async () => {
  keepContentOutOfLogs();
  [own, redis] = await Promise.all([startStack(), CacheRedis.start()]);
  sql = createSqlClient(own.address);
  const filledIn = template
    .replace("create extension if not exists pg_net;", () => PG_NET)
    .replace("<APP_URL>", "https://app.example/")
    .replace("<WEBHOOK_SECRET>", SECRET);
  for (const statement of statements(filledIn)) await sql(statement);
  const process = () => createTestApp({ stack: own.address, store: redis.store(), databaseFetch: asPostgrest });
  [receiver, app] = [process(), process()];
  person = await createPerson(own.address, { name: "Noa" });
});
afterAll(() => Promise.all([own.stop(), redis.stop()]));

/** One statement at a time, as the test's connection needs them; functions contain semicolons of their own. */
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

/** Delivers what is queued as pg_net would, to another process than the one that is asked next. */
async function deliver(arrange = (queued: Queued[]) => queued): Promise<Queued[]> {
  const queued = (await sql(`select url, headers, body from net.queue order by id`)) as unknown as Queued[];
  await sql(`delete from net.queue`);
  for (const { url, headers, body } of arrange(queued)) {
    const request = new Request(url, { method: "POST", headers, body: JSON.stringify(body) });
    const { cache, logger } = receiver.services;
    const response = await handleDatabaseWebhook(request, { cache, secret: SECRET, logger });
    expect(response.status).toBe(200);
    const { type, table } = body;
    delivered.add(`${type} ${table}`);
  }
  return queued;
}

/**
 * PostgREST passes every query the headers of its request; the embedded API passes them only to functions. So the rows
 * that a request to a table has queued are given its write id afterwards.
 */
const asPostgrest: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const write = new Headers(init?.headers).get(WRITE_ID_HEADER);
  if (write !== null && !String(input).includes("/rpc/")) {
    const named = `jsonb_build_object('write', $1::text)`;
    await sql(`update net.queue set body = body || ${named} where body ->> 'write' is null`, [write]);
  }
  return response;
};

/** A store that some operations never reach, like the last ones of a process that is killed. */
function deafTo(operations: readonly (keyof CacheStore)[], open: StoreFactory): StoreFactory {
  const lost = () => Promise.reject(new StoreError("timeout"));
  return (parts) => Object.assign(open(parts), Object.fromEntries(operations.map((operation) => [operation, lost])));
}

/** Runs a statement without the app, and delivers its events. */
async function change(statement: string, parameters: string[], arrange?: (queued: Queued[]) => Queued[]) {
  await sql(statement, parameters);
  expect((await deliver(arrange)).length).toBeGreaterThan(0);
}

/** The next context, and which of its sections had to be loaded again. */
async function nextContext(someone = person) {
  const context = await contextOf(app, someone);
  await app.backgroundDone();
  return { context, loaded: context.sections.flatMap(({ name, source }) => (source === "fresh" ? [] : [name])) };
}

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

  it("sends only ids, and no text of a person", async () => {
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
        write: null,
        record: { id: expect.any(String), user_id: person.id },
        old_record: null,
      },
    });
    expect(JSON.stringify(queued)).not.toMatch(/my secret|Noa/);
    await sql(`delete from public.reflections where user_id = $1`, [person.id]);
  });
});

/** One after the other for one person, each based on the earlier ones. */
const CHANGES: [
  what: string,
  statement: string,
  outdates: SectionName[],
  shown: (context: ClarifyContext) => unknown,
][] = [
  [
    "a subscription",
    `update public.users set tier = 'pro' where id = $1`,
    ["user"],
    ({ text }) => expect(text).toContain("on the pro plan"),
  ],
  [
    "a new dream",
    `insert into public.dreams (user_id, title) values ($1, 'Learn to sail')`,
    ["dreams"],
    (context) => expect(labelsOf(context, "dreams")).toEqual(["Learn to sail"]),
  ],
  [
    "a dream's title",
    `update public.dreams set title = 'Sail alone' where user_id = $1`,
    ["dreams"],
    (context) => expect(labelsOf(context, "dreams")).toEqual(["Sail alone"]),
  ],
  [
    "a removed dream",
    `delete from public.dreams where user_id = $1`,
    ["dreams"],
    (context) => expect(labelsOf(context, "dreams")).toEqual([]),
  ],
  [
    "a new pattern",
    `insert into public.clarify_patterns (user_id, type, content, strength) values ($1, 'tension', 'Sea or land', 5)`,
    ["patterns"],
    (context) => expect(labelsOf(context, "patterns")).toEqual(["Sea or land"]),
  ],
  [
    "a pattern that grows",
    `update public.clarify_patterns set strength = 9 where user_id = $1`,
    ["patterns"],
    ({ text }) => expect(text).toContain("[9] is torn: Sea or land"),
  ],
  [
    "a removed pattern",
    `delete from public.clarify_patterns where user_id = $1`,
    ["patterns"],
    (context) => expect(labelsOf(context, "patterns")).toEqual([]),
  ],
  [
    "a new session",
    `insert into public.clarify_sessions (user_id, title) values ($1, 'I think of the sea')`,
    ["user", "sessions"],
    (context) => expect([labelsOf(context, "sessions"), totals(context)]).toEqual([["I think of the sea"], [1, 0]]),
  ],
  [
    "a new message",
    `insert into public.clarify_messages (id, user_id, session_id, role, content)
     select gen_random_uuid(), user_id, id, 'user', 'I think of the sea' from public.clarify_sessions where user_id = $1`,
    ["sessions"],
    ({ text }) => expect(text).toMatch(/I think of the sea · 1 messages/),
  ],
  [
    "a message that is moved",
    `with other as (insert into public.clarify_sessions (user_id, title) values ($1, 'Other') returning id)
     update public.clarify_messages set session_id = other.id from other where user_id = $1`,
    ["user", "sessions"],
    ({ text }) => expect(text).toMatch(/Other · 1 messages.*I think of the sea · 0 messages/s),
  ],
  [
    "a removed message",
    `delete from public.clarify_messages where user_id = $1`,
    ["sessions"],
    (context) => expect(labelsOf(context, "sessions")).toHaveLength(2),
  ],
  [
    "a session's title",
    `update public.clarify_sessions set title = 'The sea' where user_id = $1`,
    ["sessions"],
    (context) => expect(labelsOf(context, "sessions")).toEqual(["The sea", "The sea"]),
  ],
  [
    "removed sessions",
    `delete from public.clarify_sessions where user_id = $1`,
    ["user", "sessions"],
    (context) => expect([labelsOf(context, "sessions"), totals(context)]).toEqual([[], [0, 0]]),
  ],
  [
    "a new reflection",
    `insert into public.reflections (user_id, tone, content) values ($1, 'calm', 'The harbour at six')`,
    ["user", "reflections"],
    (context) => expect([labelsOf(context, "reflections"), totals(context)]).toEqual([["The harbour at six"], [0, 1]]),
  ],
  [
    "a reflection's words",
    `update public.reflections set content = 'The harbour at nine' where user_id = $1`,
    ["user", "reflections"],
    (context) => expect(labelsOf(context, "reflections")).toEqual(["The harbour at nine"]),
  ],
  [
    "a removed reflection",
    `delete from public.reflections where user_id = $1`,
    ["user", "reflections"],
    (context) => expect([labelsOf(context, "reflections"), totals(context)]).toEqual([[], [0, 0]]),
  ],
];

const totals = (context: ClarifyContext) => labelsOf(context, "user")?.[2]?.match(/\d+/g)?.map(Number);

describe("a row that is changed directly in the database", () => {
  it.each(CHANGES)("is in the next context after its webhook: %s", async (_what, statement, outdates, expectShown) => {
    await deliver();
    await warm(app, person);
    await change(statement, [person.id]);
    const { context, loaded } = await nextContext();
    expect(loaded).toEqual(outdates);
    expectShown(context);
  });

  it.each([
    ["dreams", `insert into public.dreams (user_id, title) values ($1, 'Learn to sail')`, ["dreams"]],
    [
      "clarify_patterns",
      `insert into public.clarify_patterns (user_id, type, content, strength) values ($1, 'tension', 'Sea or land', 5)`,
      ["patterns"],
    ],
    [
      "clarify_sessions",
      `insert into public.clarify_sessions (user_id, title) values ($1, 'The sea')`,
      ["user", "sessions"],
    ],
    [
      "reflections",
      `insert into public.reflections (user_id, tone, content) values ($1, 'calm', 'The harbour')`,
      ["user", "reflections"],
    ],
  ] as [string, string, SectionName[]][])(
    "is in both people's next context when it changes hands: a row of %s",
    async (table, insert, outdates) => {
      const other = await createPerson(own.address, { name: "Somebody else" });
      await change(insert, [person.id]);
      for (const someone of [person, other]) await warm(app, someone);
      await change(`update public.${table} set user_id = $2 where user_id = $1`, [person.id, other.id]);
      const [mine, theirs] = [await nextContext(), await nextContext(other)];
      expect([mine.loaded, theirs.loaded]).toEqual([outdates, outdates]);
      const [section] = outdates.slice(-1);
      const kept = [mine, theirs].map(
        ({ context }) => context.sections.find(({ name }) => name === section)?.itemsLoaded,
      );
      expect(kept).toEqual([0, 1]);
      // A row that was counted for one person is counted for the other now, so it can be removed there.
      const counted = outdates.includes("user") ? 1 : 0;
      const sumOf = ({ context }: typeof mine) => totals(context)?.reduce((sum, total) => sum + total);
      expect([sumOf(mine), sumOf(theirs)]).toEqual([0, counted]);
      await change(`delete from public.${table} where user_id = $1`, [other.id]);
      expect(sumOf(await nextContext(other))).toBe(0);
    },
  );

  it.each<[string, (queued: Queued[]) => Queued[]]>([
    ["twice", (queued) => [...queued, ...queued]],
    ["in the wrong order", (queued) => queued.toReversed()],
  ])("is right as well when its events come %s", async (_how, arrange) => {
    await warm(app, person);
    await sql(`insert into public.dreams (user_id, title) values ($1, 'Learn to sail')`, [person.id]);
    await sql(`update public.dreams set title = 'Sail alone' where user_id = $1`, [person.id]);
    await change(`delete from public.dreams where user_id = $1`, [person.id], arrange);
    expect(labelsOf((await nextContext()).context, "dreams")).toEqual([]);
    await change(`insert into public.dreams (user_id, title) values ($1, 'Sing')`, [person.id], arrange);
    expect(labelsOf((await nextContext()).context, "dreams")).toEqual(["Sing"]);
    await change(`delete from public.dreams where user_id = $1`, [person.id], arrange);
    expect(labelsOf((await nextContext()).context, "dreams")).toEqual([]);
  });

  it("stays correct when an old event arrives late, which costs a load", async () => {
    await sql(`insert into public.dreams (user_id, title) values ($1, 'Learn to sail')`, [person.id]);
    const late = await sql(`delete from net.queue returning url, headers, body`);
    await change(`delete from public.dreams where user_id = $1`, [person.id]);
    await warm(app, person);
    expect(late.length).toBeGreaterThan(0);
    await deliver(() => late as unknown as Queued[]);
    const { context, loaded } = await nextContext();
    expect(loaded).toEqual(["dreams"]);
    expect(labelsOf(context, "dreams")).toEqual([]);
  });

  it("is outdated by the webhook if the writing process cannot reach the cache", async () => {
    // It has a cache, but not the one that the others read.
    const cutOff = createTestApp({ stack: own.address });
    await deliver();
    await warm(app, person);
    const { id: dreamId } = await cutOff.as(person).dreams.create({ title: "Learn to sail" });
    expect(labelsOf((await nextContext()).context, "dreams")).toEqual([]);
    await deliver();
    expect(labelsOf((await nextContext()).context, "dreams")).toEqual(["Learn to sail"]);
    await cutOff.as(person).dreams.remove({ dreamId });
    await deliver();
    expect(labelsOf((await nextContext()).context, "dreams")).toEqual([]);
    await cutOff.backgroundDone();
  });

  it("is outdated by the webhook after the writing process died before it could invalidate", async () => {
    const untold: (keyof CacheStore)[] = ["fence", "release", "invalidate"];
    const store = deafTo(untold, redis.store());
    const dying = createTestApp({ stack: own.address, store, databaseFetch: asPostgrest });
    await deliver();
    await warm(app, person);
    await dying.as(person).dreams.create({ title: "Learn to sail" });
    expect(labelsOf((await nextContext()).context, "dreams")).toEqual([]);
    expect((await deliver()).map(({ body }) => body.write)).toEqual([expect.any(String)]);
    expect(labelsOf((await nextContext()).context, "dreams")).toEqual(["Learn to sail"]);
    await change(`delete from public.dreams where user_id = $1`, [person.id]);
    await dying.services.cache.close();
  });

  it("sends no event when messages are only marked as consolidated", async () => {
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

  it("is outdated with everything else of a person whose account is removed", async () => {
    await deliver();
    await warm(app, person);
    await change(`delete from auth.users where id = $1`, [person.id]);
    const { context, loaded } = await nextContext();
    expect(loaded).toEqual(SECTION_NAMES);
    expect(context.sections.map(({ itemsLoaded }) => itemsLoaded)).toEqual([0, 0, 0, 0, 0]);
  });

  it("stays warm for the next message, even if the events of the app's own writes arrive late", async () => {
    const me = await createPerson(own.address, { name: "Noa" });
    const { sessions, messages, dreams, reflections } = app.as(me);
    await deliver();
    const writes: (() => Promise<unknown>)[] = [
      async () => {
        const { id: sessionId } = await sessions.create({});
        for (const content of ["I think of the sea", "And of the harbour"]) {
          await collect(await messages.send({ sessionId, id: crypto.randomUUID(), content }));
          await app.backgroundDone();
        }
      },
      () => dreams.create({ title: "Learn to sail" }),
      () => reflections.create({ tone: "calm", content: "The harbour at six" }),
    ];
    for (const write of writes) {
      await write();
      await warm(app, me);
      const events = await deliver((queued) => queued.toReversed());
      expect(events.length).toBeGreaterThan(0);
      expect((await nextContext(me)).loaded).toEqual([]);
    }
    // A write from outside still counts, and so does a write of the app that came after the reported one.
    await change(`update public.users set tier = 'pro' where id = $1`, [me.id]);
    expect((await nextContext(me)).loaded).toEqual(["user"]);
  });

  it("was of every kind, in every table, in the tests above", () => {
    // Earlier answers and what was removed are in no section.
    const told = Object.keys(tables).filter((table) => !["clarify_variants", "bin"].includes(table));
    const all = told.flatMap((table) => ["INSERT", "UPDATE", "DELETE"].map((type) => `${type} ${table}`));
    expect([...delivered].sort()).toEqual(all.sort());
  });
});
