import { createClient } from "@supabase/supabase-js";
import { createTRPCClient, httpBatchStreamLink } from "@trpc/client";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { beforeEach, describe, expect, inject, it } from "vitest";
import { MemoryStore } from "@/server/cache/memory";
import { SECTION_NAMES } from "@/server/clarify/sections";
import { unwrap } from "@/server/database/errors";
import { tables } from "@/server/database/schema";
import type { AppRouter } from "@/server/router";
import { appRouter } from "@/server/router";
import { createRequestContext } from "@/server/trpc/context";
import { transformer } from "@/server/trpc/transport";
import { collect } from "@/tests/support/collect";
import type { Person } from "@/tests/support/database/person";
import { createPerson, signUpPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import { CacheRedis } from "@/tests/support/redis/cache-redis";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");
const sql = createSqlClient(stack);

let store: MemoryStore;
let app: TestApp;
let person: Person;
beforeEach(async () => {
  store = new MemoryStore();
  app = createTestApp({ stack, store: () => store });
  person = await createPerson(stack, { name: "Noa" });
});

/** Rows of the person in every table. */
async function liveALife({ id }: Person, messages = 2) {
  await sql(`insert into public.dreams (user_id, title) values ($1, 'Learn to sail')`, [id]);
  await sql(
    `insert into public.clarify_sessions (user_id, dream_id) select user_id, id from public.dreams where user_id = $1`,
    [id],
  );
  await sql(
    `update public.dreams as dream set session_id = session.id
     from public.clarify_sessions as session where session.user_id = $1 and dream.user_id = $1`,
    [id],
  );
  await sql(
    `insert into public.clarify_messages (id, user_id, session_id, role, content)
     select gen_random_uuid(), user_id, id, 'user', 'Message ' || n
     from public.clarify_sessions, generate_series(1, $2::int) n where user_id = $1`,
    [id, messages],
  );
  await sql(`insert into public.clarify_patterns (user_id, type, content) values ($1, 'tension', 'Sea or land')`, [id]);
  await sql(`insert into public.reflections (user_id, tone, content) values ($1, 'calm', 'The harbour')`, [id]);
  await sql(`insert into private.consolidations (user_id, attempted_at) values ($1, now())`, [id]);
  await sql(
    `insert into private.running_replies (claim_token, user_id, message_id)
     select gen_random_uuid(), user_id, id from public.clarify_messages where user_id = $1 limit 1`,
    [id],
  );
  await sql(
    `insert into public.clarify_variants (id, user_id, session_id, message_id, variant, question, content, status, created_at)
     select gen_random_uuid(), user_id, session_id, id, 1, content, 'I hear', 'complete', now()
     from public.clarify_messages where user_id = $1`,
    [id],
  );
  await sql(
    `insert into private.summary_attempts (session_id, user_id, not_before)
     select id, user_id, now() from public.clarify_sessions where user_id = $1`,
    [id],
  );
  await sql(
    `insert into public.bin (id, user_id, kind, title, content)
     values (gen_random_uuid(), $1, 'dream', 'Build a boat', '{"rows": {}, "links": {}}')`,
    [id],
  );
  await sql(
    `insert into private.model_calls (id, user_id, day, tokens) values (gen_random_uuid(), $1, current_date, 25)`,
    [id],
  );
}

/** A table in which the database keeps data of a person. */
interface Place {
  table: string;
  /** The column with the owner's id. */
  owner: string;
}

/** Read from the database itself, so that a new table is included. */
async function placesOfPeople(): Promise<Place[]> {
  const rows = await sql(
    `select format('%s.%s', place.nspname, place.relname) as table, place.attname as owner
     from (
       select nspname, relname, attname from pg_constraint
       join pg_class on pg_class.oid = conrelid
       join pg_namespace on pg_namespace.oid = relnamespace
       join pg_attribute on attrelid = conrelid and attnum = any (conkey)
       where contype = 'f' and confrelid in ('auth.users'::regclass, 'public.users'::regclass)
       union
       select table_schema, table_name, column_name from information_schema.columns
       join information_schema.tables using (table_schema, table_name)
       where column_name = 'user_id' and table_type = 'BASE TABLE'
       union
       select 'auth', 'users', 'id'
     ) as place
     where place.nspname in ('auth', 'public', 'private')
     order by 1, 2`,
  );
  return rows.map(({ table, owner }) => ({ table: String(table), owner: String(owner) }));
}

/** The number of a person's rows, by table. */
async function keptOf({ id }: Person, places: readonly Place[]): Promise<Record<string, number>> {
  const counts = places.map(
    ({ table, owner }) => `(select count(*)::int from ${table} where ${owner}::text = $1) as "${table}"`,
  );
  const [row = {}] = await sql(`select ${counts.join(", ")}`, [id]);
  return Object.fromEntries(Object.entries(row).map(([table, count]) => [table, Number(count)]));
}

describe("account.update", () => {
  it("changes only the name", async () => {
    const { account } = app.as(person);
    expect(await account.update({ name: " Noa Levi " })).toMatchObject({
      id: person.id,
      name: "Noa Levi",
      tier: "free",
    });
    expect(await account.get()).toMatchObject({ name: "Noa Levi" });
    await expect(account.update({ name: "  " })).rejects.toThrow(/A name needs at least one character/);
    await expect(account.update({ name: "x".repeat(101) })).rejects.toThrow(/at most 100 characters/);
    await expect(account.update({ name: "Noa", tier: "pro" } as { name: string })).rejects.toThrow(/Unrecognized key/);
    expect(await account.get()).toMatchObject({ name: "Noa Levi", tier: "free" });
  });
});

it("says after how many days conversations are removed, and nothing where they are kept", async () => {
  expect(await app.as(person).account.get()).toMatchObject({ retentionDays: null });
  const forgetful = createTestApp({ stack, retentionDays: 90 });
  expect(await forgetful.as(person).account.get()).toMatchObject({ retentionDays: 90 });
});

describe("the language of an account", () => {
  it("is stored, and every device of the person reads it", async () => {
    const otherDevice = createTestApp({ stack });
    expect(await app.as(person).account.get()).toMatchObject({ language: null });
    expect(await app.as(person).account.update({ language: "he" })).toMatchObject({ name: "Noa", language: "he" });
    expect(await otherDevice.as(person).account.get()).toMatchObject({ name: "Noa", language: "he" });
    await otherDevice.as(person).account.update({ name: "Noa Levi" });
    expect(await app.as(person).account.get()).toMatchObject({ name: "Noa Levi", language: "he" });
    expect(await app.as(await createPerson(stack)).account.get()).toMatchObject({ language: null });
  });

  it("has to be a language code", async () => {
    for (const language of ["", "Hebrew", "he-IL", "HE", "../he"]) {
      await expect(app.as(person).account.update({ language })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    }
    await expect(app.as(person).account.update({})).rejects.toThrow(/Nothing to change was given/);
    const past = person.database.from("users").update({ language: "he; drop" }).eq("id", person.id);
    await expect(past.then(unwrap)).rejects.toMatchObject({ code: "invalid" });
  });

  it("is null for an account that many people share", async () => {
    const demo = createTestApp({ stack, sharedEmail: person.email });
    expect(await demo.as(person).account.update({ language: "he" })).toMatchObject({ language: null });
    expect(await demo.as(person).account.get()).toMatchObject({ isDemo: true, language: null });
  });
});

/** A person in it cannot be removed. */
const SHARED_ACCOUNTS = "private.shared_accounts";

describe("account.remove", () => {
  it("needs the account's own e-mail address, and does nothing without it", async () => {
    const { account } = app.as(person);
    const other = await createPerson(stack);
    for (const email of ["", "somebody@example.com", other.email]) {
      await expect(account.remove({ email })).rejects.toMatchObject({
        code: "BAD_REQUEST",
        message: "This isn't the e-mail address of your account.",
      });
    }
    expect(await account.get()).toMatchObject({ name: "Noa" });
    expect(await app.as(other).account.get()).toMatchObject({ id: other.id });
  });

  it("deletes everything of the person from every table and from the cache, and nothing of other people", async () => {
    person = await signUpPerson(stack, { name: "Noa" });
    const other = await signUpPerson(stack, { name: "Somebody else" });
    await Promise.all([liveALife(person), liveALife(other)]);
    const places = await placesOfPeople();
    const [before, beforeOfOther] = [await keptOf(person, places), await keptOf(other, places)];
    // Every table of ours has rows, otherwise an empty table would prove nothing.
    const ours = Object.keys(before).filter((table) => !table.startsWith("auth.") && table !== SHARED_ACCOUNTS);
    expect(ours).toEqual(expect.arrayContaining(Object.keys(tables).map((table) => `public.${table}`)));
    expect(ours.filter((table) => before[table] === 0)).toEqual([]);
    expect(before).toMatchObject({ "auth.users": 1, "auth.sessions": 1, "auth.identities": 1 });
    for (const someone of [person, other]) await app.as(someone).clarifyContext.get({ sessionId: null });
    await app.backgroundDone();
    expect(store.bytes).toBeGreaterThan(0);
    const bytesOfBoth = store.bytes;

    expect(await app.as(person).account.remove({ email: ` ${person.email.toUpperCase()} ` })).toEqual({
      id: person.id,
    });

    const nothing = Object.fromEntries(places.map(({ table }) => [table, 0]));
    expect(await keptOf(person, places)).toEqual(nothing);
    expect(await keptOf(other, places)).toEqual(beforeOfOther);
    expect(store.bytes).toBeLessThan(bytesOfBoth);
    const context = await app.as(person).clarifyContext.get({ sessionId: null });
    expect(context.sections.every(({ itemsLoaded, source }) => itemsLoaded === 0 && source === "loaded")).toBe(true);
    const kept = await app.as(other).clarifyContext.get({ sessionId: null });
    expect(kept.sections.every(({ source }) => source === "fresh")).toBe(true);
  });

  it("leaves nothing of the person in Redis, except for a minute the note that they were removed", async () => {
    const redis = await CacheRedis.start();
    try {
      const shared = createTestApp({ stack, store: redis.store() });
      const keysOf = async ({ id }: Person) => (await redis.keys()).filter((key) => key.includes(id));
      const other = await createPerson(stack);
      for (const someone of [person, other]) await shared.as(someone).clarifyContext.get({ sessionId: null });
      await shared.backgroundDone();
      expect(await keysOf(person)).toHaveLength(SECTION_NAMES.length * 2);
      await shared.as(person).account.remove({ email: person.email });
      expect((await keysOf(person)).every((key) => key.endsWith(":fence"))).toBe(true);
      await redis.advance(60_000);
      expect(await keysOf(person)).toEqual([]);
      expect(await keysOf(other)).toHaveLength(SECTION_NAMES.length * 2);
    } finally {
      await redis.stop();
    }
  });

  it("leaves an access token without any access, and an e-mail address that may be used again", async () => {
    const person = await signUpPerson(stack);
    await app.as(person).account.remove({ email: person.email });
    const { account, dreams } = app.as(person);
    await expect(account.get()).rejects.toMatchObject({ code: "NOT_FOUND", message: "This account has been removed." });
    await expect(account.update({ name: "Noa" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(dreams.create({ title: "Learn to sail" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await account.remove({ email: person.email })).toEqual({ id: person.id });

    const { auth } = createClient(stack.url, stack.publishableKey, { auth: { persistSession: false } });
    const { error } = await auth.signInWithPassword(person);
    expect(error?.code).toBe("invalid_credentials");
    const again = await createPerson(stack, { email: person.email });
    expect(await app.as(again).account.get()).toMatchObject({ id: again.id });
  });

  it("refuses an account that many people share", async () => {
    const demo = createTestApp({ stack, sharedEmail: person.email });
    await expect(demo.as(person).account.remove({ email: person.email })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("needs a signed-in person", async () => {
    const anonymous = createClient(stack.url, stack.publishableKey, { auth: { persistSession: false } });
    const { error } = await anonymous.rpc("remove_account", { p_email: person.email });
    expect(error).not.toBeNull();
    expect(await app.as(person).account.get()).toMatchObject({ name: "Noa" });
  });
});

describe("account.export", () => {
  it("streams one JSON document with every row of every table, and no row of other people", async () => {
    const other = await createPerson(stack);
    await liveALife(person, 250);
    await liveALife(other, 3);
    const pieces = await collect(await app.as(person).account.export());
    expect(pieces.length).toBeGreaterThan(10);
    const document = JSON.parse(pieces.join(""));
    expect(document).toMatchObject({
      exportedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      account: { id: person.id, email: person.email },
      users: [{ id: person.id, name: "Noa" }],
      dreams: [{ title: "Learn to sail" }],
      clarify_patterns: [{ content: "Sea or land" }],
      reflections: [{ content: "The harbour" }],
    });
    // Each table of the database with rows of people, whether our schema knows it or not; `private` holds bookkeeping.
    const inDatabase = (await placesOfPeople()).flatMap(({ table }) =>
      table.startsWith("public.") ? [table.slice(7)] : [],
    );
    expect(Object.keys(document).sort()).toEqual(["account", "exportedAt", ...new Set(inDatabase)].sort());
    const contents = document.clarify_messages.map(({ content }: { content: string }) => content);
    expect(new Set(contents).size).toBe(250);
    expect(pieces.join("")).not.toContain(other.id);
  });

  it("reads a page at a time, and no further than the reader does", async () => {
    await liveALife(person, 250);
    let requests = 0;
    const counting: typeof fetch = (input, init) => {
      requests += 1;
      return fetch(input, init);
    };
    const counted = createTestApp({ stack, databaseFetch: counting });
    const stream = (await counted.as(person).account.export())[Symbol.asyncIterator]();
    await stream.next();
    expect(requests).toBe(0);
    await stream.next();
    await stream.next();
    expect(requests).toBe(1);
    await stream.return?.(undefined);
    expect(requests).toBe(1);
  });

  it("streams over HTTP as well, in pieces", async () => {
    await liveALife(person, 250);
    const requestContext = createRequestContext(app.services, { requestId: "test", user: person });
    const client = createTRPCClient<AppRouter>({
      links: [
        httpBatchStreamLink({
          url: "http://app.example/api/trpc",
          transformer,
          fetch: (input, init) =>
            fetchRequestHandler({
              endpoint: "/api/trpc",
              req: new Request(String(input), init as RequestInit),
              router: appRouter,
              createContext: () => requestContext,
            }),
        }),
      ],
    });
    const pieces = await collect(await client.account.export.query());
    expect(pieces.length).toBeGreaterThan(10);
    expect(JSON.parse(pieces.join("")).clarify_messages).toHaveLength(250);
  });

  it("ends with a typed error when the database fails", async () => {
    const failing: typeof fetch = async () => new Response("oops", { status: 500 });
    const broken = createTestApp({ stack, databaseFetch: failing });
    const reading = (async () => collect(await broken.as(person).account.export()))();
    await expect(reading).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
  });
});
