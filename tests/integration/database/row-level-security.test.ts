import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { openServiceDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import type { Life } from "@/tests/support/database/life";
import { COMMON_WORD, createLife, ownedTables, storedOf } from "@/tests/support/database/life";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";

const stack = inject("stack");
const sql = createSqlClient(stack);
const service = openServiceDatabase(stack);

let owner: Person;
let stranger: Person;
let sessionId: string;
const rowIds: Record<string, string> = {};

/** A row of each table that belongs to a person. */
const newRow: Record<string, (id: string, userId: string) => Record<string, unknown>> = {
  dreams: (id, user_id) => ({ id, user_id, title: "A studio" }),
  clarify_sessions: (id, user_id) => ({ id, user_id }),
  clarify_messages: (id, user_id) => ({ id, user_id, session_id: sessionId, role: "user", content: "Hello" }),
  clarify_patterns: (id, user_id) => ({ id, user_id, type: "tension", content: "Both", strength: 5 }),
  clarify_variants: (id, user_id) => ({
    ...{ id, user_id, session_id: sessionId, message_id: rowIds.clarify_messages, variant: 1 },
    ...{ question: "Hello", content: "Hm", status: "complete", created_at: "2026-11-25T12:00:00Z" },
  }),
  reflections: (id, user_id) => ({ id, user_id, tone: "calm", content: "Quiet" }),
  bin: (id, user_id) => ({ id, user_id, kind: "dream", title: "A studio", content: { rows: {}, links: {} } }),
};
const ownTables = [
  "dreams",
  "clarify_sessions",
  "clarify_messages",
  "clarify_variants",
  "clarify_patterns",
  "reflections",
  "bin",
] as const;
const change: Record<string, Record<string, unknown>> = {
  users: { name: "Mallory" },
  dreams: { title: "Mine" },
  clarify_sessions: { title: "Mine" },
  clarify_messages: { status: "failed" },
  clarify_variants: { content: "Mine" },
  clarify_patterns: { content: "Mine" },
  reflections: { content: "Mine" },
  bin: { title: "Mine" },
};
const allTables = Object.keys(change);

interface Answer {
  status: number;
  rows: Record<string, unknown>[] | null;
}

/** A plain request, without a client between the test and the API's answer. */
async function request(person: Person | null, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${stack.url}/rest/v1/${path}`, {
    method,
    headers: {
      apikey: stack.publishableKey,
      "content-type": "application/json",
      prefer: "return=representation",
      ...(person && { authorization: `Bearer ${person.accessToken}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  return { status: response.status, rows: Array.isArray(answer) ? answer : null };
}

const contents = (table: string) => sql(`select * from public.${table} where id = $1`, [rowIds[table]]);

beforeAll(async () => {
  [owner, stranger] = await Promise.all([createPerson(stack), createPerson(stack)]);
  sessionId = randomUUID();
  await request(owner, "POST", "clarify_sessions", { id: sessionId, user_id: owner.id });
  rowIds.users = owner.id;
  for (const table of ownTables) {
    const id = randomUUID();
    rowIds[table] = id;
    // A person cannot write some tables themselves.
    unwrap(await service.from(table).insert(JSON.parse(JSON.stringify(newRow[table]?.(id, owner.id)))));
  }
});

describe.each(allTables)("%s", (table) => {
  test("its owner reads the row", async () => {
    expect((await request(owner, "GET", `${table}?id=eq.${rowIds[table]}`)).rows).toHaveLength(1);
  });

  describe.each(["another person", "nobody"])("%s", (who) => {
    const intruder = () => (who === "nobody" ? null : stranger);

    test("reads nothing", async () => {
      const answer = await request(intruder(), "GET", `${table}?select=*&id=eq.${rowIds[table]}`);
      expect(answer.rows ?? []).toEqual([]);
    });

    test("changes nothing", async () => {
      const before = await contents(table);
      const answer = await request(intruder(), "PATCH", `${table}?id=eq.${rowIds[table]}`, change[table]);
      expect(answer.rows ?? []).toEqual([]);
      expect(await contents(table)).toEqual(before);
    });

    test("deletes nothing", async () => {
      const answer = await request(intruder(), "DELETE", `${table}?id=eq.${rowIds[table]}`);
      expect(answer.rows ?? []).toEqual([]);
      expect(await contents(table)).toHaveLength(1);
    });
  });
});

describe.each(ownTables)("%s", (table) => {
  test.each(["another person", "nobody"])("%s cannot insert rows with the owner's id", async (who) => {
    const id = randomUUID();
    const answer = await request(who === "nobody" ? null : stranger, "POST", table, newRow[table]?.(id, owner.id));
    expect([401, 403]).toContain(answer.status);
    expect(await sql(`select id from public.${table} where id = $1`, [id])).toEqual([]);
  });
});

test("a row cannot be given to another person", async () => {
  const answer = await request(owner, "PATCH", `dreams?id=eq.${rowIds.dreams}`, { user_id: stranger.id });
  expect(answer.status).toBe(403);
});

test("a profile can neither be inserted nor deleted through the API, not even one's own", async () => {
  expect((await request(owner, "POST", "users", { id: randomUUID(), name: "Second" })).status).toBe(403);
  expect((await request(owner, "DELETE", `users?id=eq.${owner.id}`)).rows ?? []).toEqual([]);
  expect(await contents("users")).toHaveLength(1);
});

describe("a row can only point at rows of the same person", () => {
  test.each([
    ["a dream at somebody's session", "dreams", { title: "T" }, "session_id"],
    ["a session at somebody's dream", "clarify_sessions", {}, "dream_id"],
    ["a reflection at somebody's dream", "reflections", { tone: "calm", content: "C" }, "dream_id"],
  ])("%s", async (_name, table, values, column) => {
    const target = column === "dream_id" ? rowIds.dreams : sessionId;
    const row = { id: randomUUID(), user_id: stranger.id, [column]: target, ...values };
    expect((await request(stranger, "POST", table, row)).status).toBe(409);
  });

  // Rows that a person cannot write themselves are written for them, and held to the same rules.
  test("a message or a pattern in another person's session", async () => {
    const mine = { user_id: stranger.id, session_id: sessionId };
    const message = { ...mine, id: randomUUID(), role: "user" as const, content: "Hi" };
    const pattern = { ...mine, type: "tension" as const, content: "C" };
    const missing = { sqlState: "23503" };
    await expect(service.from("clarify_messages").insert(message).then(unwrap)).rejects.toMatchObject(missing);
    await expect(service.from("clarify_patterns").insert(pattern).then(unwrap)).rejects.toMatchObject(missing);
  });

  test("a reply to a message of another session", async () => {
    const other = randomUUID();
    await request(owner, "POST", "clarify_sessions", { id: other, user_id: owner.id });
    const reply = {
      ...{ id: randomUUID(), user_id: owner.id, session_id: other, role: "assistant" as const, content: "Hm" },
      reply_to: rowIds.clarify_messages ?? "",
    };
    await expect(service.from("clarify_messages").insert(reply).then(unwrap)).rejects.toMatchObject({
      sqlState: "23503",
    });
  });
});

describe("columns that a person may not change in their own rows", () => {
  test.each([
    ["users", { tier: "unlimited" }],
    ["users", { total_sessions: 99 }],
    ["users", { total_reflections: 99 }],
    ["users", { created_at: "2001-01-01T00:00:00Z" }],
    ["clarify_sessions", { message_count: 99 }],
    ["clarify_sessions", { last_message_at: "2099-01-01T00:00:00Z" }],
    ["clarify_messages", { role: "assistant" }],
    ["clarify_messages", { created_at: "2099-01-01T00:00:00Z" }],
  ])("%s: %o", async (table, values) => {
    const before = await contents(table);
    const { status, rows } = await request(owner, "PATCH", `${table}?id=eq.${rowIds[table]}`, values);
    // Refused by a guard, or no row that they may change.
    expect(status === 403 || rows?.length === 0).toBe(true);
    expect(await contents(table)).toEqual(before);
  });

  test("a session starts without messages, even if the client sends a count", async () => {
    const id = randomUUID();
    const row = { id, user_id: owner.id, message_count: 50, last_message_at: "2099-01-01T00:00:00Z" };
    const { rows } = await request(owner, "POST", "clarify_sessions", row);
    expect(rows).toMatchObject([{ message_count: 0 }]);
    expect(rows?.[0]?.last_message_at).toEqual(rows?.[0]?.created_at);
  });
});

test("simultaneous requests of several people do not mix", async () => {
  const people = [owner, stranger];
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const person = people[index % 2] ?? owner;
      // Every third one fails and rolls back, which must not affect the others.
      if (index % 3 === 0) return (await request(person, "PATCH", "users?name=neq.x", { tier: "pro" })).status === 403;
      const { rows } = await request(person, "GET", "users?select=id");
      return rows?.length === 1 && rows[0]?.id === person.id;
    }),
  );
  expect(answers.every(Boolean)).toBe(true);
});

describe("the catalogue", () => {
  test("has no table, view or sequence in the API's schema that is not tried here", async () => {
    const relations = await sql(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind not in ('i', 'I', 't')",
    );
    expect(relations.map(({ name }) => String(name)).toSorted()).toEqual(allTables.toSorted());
  });

  test("has no other schema that the API serves", async () => {
    for (const schema of ["private", "auth", "pg_catalog", "information_schema"]) {
      for (const { table } of await ownedTables(sql)) {
        const response = await fetch(`${stack.url}/rest/v1/${table.replace(/^.*\./, "")}`, {
          headers: {
            ...{ apikey: stack.publishableKey, authorization: `Bearer ${stranger.accessToken}` },
            ...{ "accept-profile": schema, "content-profile": schema },
          },
        });
        const text = await response.text();
        if (table.startsWith("public.")) expect(text).not.toContain(owner.id);
        else expect(response.status, text).toBeGreaterThanOrEqual(400);
      }
    }
  });

  test("has a row in every table of people in each life that the tests of tenancy make", async () => {
    const life = await createLife(stack, sql);
    const empty = Object.entries(await storedOf(sql, life.ids.userId)).filter(([, rows]) => rows.length === 0);
    expect(empty.map(([table]) => table)).toEqual(SHARED_TABLES);
  });
});

/** Tables of people in which an ordinary person has no row. */
const SHARED_TABLES = ["private.shared_accounts"];

interface DatabaseFunction {
  name: string;
  parameters: { name: string; type: string }[];
  /** Whether a signed-in person may call it; else only the jobs may. */
  forPeople: boolean;
}

/** Every function that the API offers. */
async function apiFunctions(): Promise<DatabaseFunction[]> {
  const rows = await sql(`
    select proname as name, has_function_privilege('authenticated', proc.oid, 'execute') as for_people,
      coalesce(jsonb_agg(jsonb_build_object('name', proargnames[at], 'type', format_type(type, null)) order by at)
        filter (where type is not null), '[]') as parameters
    from pg_proc as proc left join lateral unnest(proargtypes) with ordinality as argument(type, at) on true
    where pronamespace = 'public'::regnamespace
    group by proc.oid order by proname`);
  return rows.map(({ name, for_people, parameters }) => ({
    name: String(name),
    forPeople: for_people === true,
    parameters: JSON.parse(typeof parameters === "string" ? parameters : JSON.stringify(parameters)),
  }));
}

/** What has a parameter of this name stand for, of a life: of its quiet conversation, or of the one with a running reply. */
function argument({ name, type }: { name: string; type: string }, life: Life, which: "quiet" | "busy"): unknown {
  const { ids, person } = life;
  const busy = which === "busy";
  const values: Record<string, unknown> = {
    p_user_id: ids.userId,
    p_session_id: busy ? ids.busySessionId : ids.sessionId,
    p_message_id: busy ? ids.busyMessageId : ids.messageId,
    // The busy message has no reply yet.
    p_reply_id: busy ? randomUUID() : ids.replyId,
    p_claim_token: ids.claimToken,
    p_token: ids.claimToken,
    p_message_ids: [ids.messageId],
    p_before_id: ids.messageId,
    p_before_at: "2999-01-01T00:00:00Z",
    p_patterns: type === "uuid[]" ? [ids.patternId] : [`%${COMMON_WORD}%`],
    p_kind: "dream",
    // Only one of them is in the bin.
    p_id: busy ? ids.removedDreamId : ids.dreamId,
    p_off_record: false,
    p_dreams: [ids.dreamId],
    p_reflections: [ids.reflectionId],
    p_sessions: [ids.sessionId],
    p_email: person.email,
    p_content: `${COMMON_WORD} ${life.secret}`,
    p_question: COMMON_WORD,
    p_summary: COMMON_WORD,
    p_status: "complete",
    p_model: "test",
    p_tool_use: null,
    p_usage: {},
    p_progress: { text: "mine" },
    p_seen: [],
    p_added: [],
    p_calls: [{ id: randomUUID(), tokens: 1 }],
    p_day: new Date().toISOString().slice(0, 10),
    p_name: `job-${life.ids.userId}`,
    p_due_at: "2026-11-01T00:00:00Z",
    p_fruitless: true,
    p_succeeded: true,
    p_variant: 2,
    p_from: type.startsWith("timestamp") ? "2020-01-01T00:00:00Z" : COMMON_WORD.length + 1 + life.secret.length,
    p_until: type.startsWith("timestamp") ? "2999-01-01T00:00:00Z" : 1,
    p_title: `${COMMON_WORD} named`,
    p_max: 10,
    p_limit: 10,
    p_days: 1,
    p_history_limit: 10,
    p_related_limit: 5,
    p_claim_ms: 15_000,
    p_within_ms: 600_000,
    p_claim_seconds: 60,
    p_lease_seconds: 60,
    p_min_messages: 1,
    p_max_messages: 10,
    p_max_characters: 1_000,
    p_max_patterns: 10,
    p_replies: 500,
  };
  if (!(name in values)) throw new Error(`A function takes a ${name} (${type}): it needs a value here`);
  return values[name];
}

async function callFunction(name: string, key: { token?: string; secret?: true }, body: object) {
  const response = await fetch(`${stack.url}/rest/v1/rpc/${name}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(key.secret
        ? { apikey: stack.secretKey, authorization: `Bearer ${stack.secretKey}` }
        : { apikey: stack.publishableKey }),
      ...(key.token && { authorization: `Bearer ${key.token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

describe("the functions", () => {
  test("of the catalogue give and change nothing of another person's, with any ids and even their claim's token", async () => {
    const functions = await apiFunctions();
    expect(functions.length).toBeGreaterThan(20);
    for (const { name, parameters, forPeople } of functions) {
      const [theirs, mine] = await Promise.all([createLife(stack, sql), createLife(stack, sql)]);
      const before = await storedOf(sql, theirs.ids.userId);
      for (const which of ["quiet", "busy"] as const) {
        const all = Object.fromEntries(parameters.map((each) => [each.name, argument(each, theirs, which)]));
        const own = Object.fromEntries(parameters.map((each) => [each.name, argument(each, mine, which)]));
        const ids = parameters.filter(({ type }) => type.startsWith("uuid"));
        const mixed = ids.map((each) => ({ ...own, [each.name]: all[each.name] }));
        for (const body of [all, ...mixed]) {
          const what = `${name} ${JSON.stringify(body)}`;
          const asStranger = await callFunction(name, { token: mine.person.accessToken }, body);
          const sent = JSON.stringify(body);
          if (!sent.includes(theirs.secret)) expect(asStranger.text, what).not.toContain(theirs.secret);
          if (!forPeople) expect(asStranger.status, what).toBeGreaterThanOrEqual(400);
          const asNobody = await callFunction(name, {}, body);
          expect([401, 403, 404], what).toContain(asNobody.status);
        }
      }
      expect(await storedOf(sql, theirs.ids.userId), name).toEqual(before);

      // The same arguments are good ones: whom they belong to may use them.
      const key = forPeople ? { token: theirs.person.accessToken } : { secret: true as const };
      const statuses: number[] = [];
      for (const which of ["quiet", "busy"] as const) {
        const body = Object.fromEntries(parameters.map((each) => [each.name, argument(each, theirs, which)]));
        statuses.push((await callFunction(name, key, body)).status);
      }
      // 409: it is theirs, but not in the state for it.
      expect(
        statuses.some((status) => status < 300 || status === 409),
        `${name}: ${statuses}`,
      ).toBe(true);
    }
  }, 240_000);
});

test("a row with the id of another person's row in another table opens, changes and removes nothing of it", async () => {
  const [theirs, mine] = await Promise.all([createLife(stack, sql), createLife(stack, sql)]);
  const before = await storedOf(sql, theirs.ids.userId);
  const words = "Zanzibar lighthouse marmalade expedition";
  const { dreamId, reflectionId, messageId, replyId, patternId, sessionId: theirSession, variantId } = theirs.ids;
  for (const id of [dreamId, reflectionId, messageId, replyId, patternId, theirSession, variantId]) {
    await request(mine.person, "POST", "dreams", { id, user_id: mine.ids.userId, title: words });
    await request(mine.person, "POST", "reflections", { id, user_id: mine.ids.userId, tone: "calm", content: words });
    const asking = { p_session_id: mine.ids.sessionId, p_message_id: randomUUID(), p_content: words };
    const claim = { p_history_limit: 10, p_claim_token: randomUUID(), p_claim_ms: 1, p_related_limit: 10 };
    const { text } = await callFunction("begin_message", { token: mine.person.accessToken }, { ...asking, ...claim });
    expect(text).toContain(words);
    expect(text).not.toContain(theirs.secret);
    await request(mine.person, "PATCH", `dreams?id=eq.${id}`, { title: `${words} again` });
    expect(await storedOf(sql, theirs.ids.userId)).toEqual(before);
    for (const table of ["dreams", "reflections"]) await request(mine.person, "DELETE", `${table}?id=eq.${id}`);
    expect(await storedOf(sql, theirs.ids.userId)).toEqual(before);
  }
}, 60_000);
