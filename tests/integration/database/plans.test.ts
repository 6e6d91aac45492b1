import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { tables } from "@/server/database/schema";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { RunSql } from "@/tests/support/database/sql";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestStack } from "@/tests/support/database/test-stack";
import { startStack } from "@/tests/support/database/test-stack";

let own: TestStack;
let sql: RunSql;
let person: Person;
let sessionId: string;

// 10,000 other people, of whom the first two hundred have a hundred rows in every table. This person has three hundred,
// more than anybody, so that they are in the planner's statistics. All in a stack of their own, because another test would
// wait for such statements until its deadline.
beforeAll(async () => {
  own = await startStack();
  sql = createSqlClient(own.address);
  person = await createPerson(own.address);
  const crowd = randomUUID();
  await sql(
    `insert into auth.users (id, email)
     select gen_random_uuid(), $1 || '-' || number || '@example.com' from generate_series(1, 10000) as number`,
    [crowd],
  );
  const rows = `from (
      select id, 300 as rows from public.users where id = '${person.id}'
      union all (select id, 100 as rows from public.users where name like '${crowd}%' limit 200)
    ) as person, generate_series(1, person.rows) as number`;
  await sql(
    `insert into public.dreams (user_id, title, status, updated_at)
     select person.id, 'A dream', (array['active', 'achieved'])[1 + number % 2], now() - number * interval '1 hour' ${rows}`,
  );
  await sql(
    `insert into public.clarify_sessions (user_id, status, created_at)
     select person.id, (array['active', 'archived'])[1 + number % 2], now() - number * interval '1 hour' ${rows}`,
  );
  await sql(
    `insert into public.clarify_patterns (user_id, type, content, strength)
     select person.id, 'tension', 'Both', 1 + number % 10 ${rows}`,
  );
  await sql(
    `insert into public.reflections (user_id, tone, content, created_at)
     select person.id, 'calm', 'Quiet', now() - number * interval '1 hour' ${rows}`,
  );
  await sql(
    `insert into public.clarify_messages (id, user_id, session_id, role, content, created_at)
     select gen_random_uuid(), session.user_id, session.id, 'user', 'Hello', now() - number * interval '1 minute'
     from (select *, row_number() over (partition by user_id) as place from public.clarify_sessions) as session,
       generate_series(1, 30) as number
     where place <= 10`,
  );
  await sql(
    `insert into public.clarify_variants (id, user_id, session_id, message_id, variant, question, content, status, created_at)
     select gen_random_uuid(), user_id, session_id, id, 1, 'Hello', 'I hear', 'complete', created_at
     from public.clarify_messages
     where user_id = $1 or user_id in (select id from public.users where name like '${crowd}%')`,
    [person.id],
  );
  const [session] = await sql(
    "select id from public.clarify_sessions where user_id = $1 and message_count > 0 limit 1",
    [person.id],
  );
  sessionId = String(session?.id);
  for (const table of Object.keys(tables)) await sql(`analyze public.${table}`);
  // One statement, so that role and claims hold only for it on the connection.
  await sql(`
    create function private.explain_as(query text, caller_role text, claims text) returns json language plpgsql as $$
    declare
      result json;
    begin
      perform set_config('request.jwt.claim.sub', claims::json ->> 'sub', true);
      perform set_config('request.jwt.claims', claims, true);
      perform set_config('role', caller_role, true);
      execute 'explain (format json) ' || query into result;
      perform set_config('role', 'none', true);
      return result;
    end $$`);
}, 120_000);

afterAll(() => own.stop());

interface PlanNode {
  "Node Type": string;
  "Index Name"?: string | undefined;
  Plans?: PlanNode[] | undefined;
}
const planNode: z.ZodType<PlanNode> = z.object({
  "Node Type": z.string(),
  "Index Name": z.string().optional(),
  Plans: z.array(z.lazy(() => planNode)).optional(),
});
const explained = z.tuple([z.object({ plan: z.tuple([z.object({ Plan: planNode })]) })]);

/** The nodes of a query's plan as the API runs it: in the caller's role, with their claims, under row-level security. */
async function explain(query: string, role = "authenticated"): Promise<PlanNode[]> {
  const claims = JSON.stringify({ sub: person.id, role });
  const [{ plan }] = explained.parse(await sql("select private.explain_as($1, $2, $3) as plan", [query, role, claims]));
  return flatten(plan[0].Plan);
}

const flatten = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flatten)];

const mine = () => `user_id = '${person.id}'`;
const loaders: [name: string, index: string, query: () => string][] = [
  ["user", "users_pkey", () => `select name, tier from public.users where id = '${person.id}'`],
  [
    "dreams",
    "dreams_by_user",
    () =>
      `select title from public.dreams where ${mine()} and status = 'active' order by updated_at desc, id desc limit 5`,
  ],
  [
    "patterns",
    "clarify_patterns_by_user",
    () => `select content from public.clarify_patterns where ${mine()} and strength >= 3
      order by strength desc, last_seen_at desc, id desc limit 10`,
  ],
  [
    "sessions",
    "clarify_sessions_by_user",
    () => `select title from public.clarify_sessions where ${mine()} and status = 'active'
      order by last_message_at desc, id desc limit 4`,
  ],
  [
    "reflections",
    "reflections_by_user",
    () => `select content from public.reflections where ${mine()} order by created_at desc, id desc limit 3`,
  ],
  [
    "a page of messages",
    "clarify_messages_by_session",
    () => `select content from public.clarify_messages where session_id = '${sessionId}'
      order by created_at desc, id desc limit 21`,
  ],
];

describe("among 20,000 rows of other people", () => {
  test.each(loaders)("%s: reads its own rows from %s, in order", async (_name, index, query) => {
    const nodes = await explain(query());
    const types = nodes.map((node) => node["Node Type"]);
    expect(types).not.toContain("Seq Scan");
    expect(types).not.toContain("Sort");
    expect(nodes.map((node) => node["Index Name"])).toContain(index);
  });

  test.each([
    ["its first page", "array['%hello%'], 21"],
    ["a page without a hit", "array['%lagoon%'], 21, now(), '00000000-0000-4000-8000-000000000000'"],
  ])("a search inside messages reads its own, newest first, up to the limit: %s", async (_name, args) => {
    const nodes = await explain(`select * from public.search_messages(${args})`);
    expect(nodes.map((node) => node["Node Type"])).not.toContain("Seq Scan");
    const limit = nodes.find((node) => node["Node Type"] === "Limit");
    const [read] = limit?.Plans?.filter((node) => node["Node Type"] !== "Result") ?? [];
    expect(read).toMatchObject({ "Node Type": "Index Scan", "Index Name": "clarify_messages_by_user" });
  });

  test("a search of everything that is kept reads each table's own rows through their index", async () => {
    const nodes = await explain("select * from public.search_knowledge(array['%hello%'], 101)");
    expect(nodes.map((node) => node["Node Type"])).not.toContain("Seq Scan");
    expect(nodes.flatMap((node) => node["Index Name"] ?? [])).toEqual(
      expect.arrayContaining([
        "clarify_messages_by_user",
        "clarify_variants_by_user",
        "clarify_patterns_by_user",
        "clarify_sessions_by_user",
        "dreams_by_user",
        "reflections_by_user",
      ]),
    );
  });

  test("a query that no index serves is seen as a sequential scan", async () => {
    const nodes = await explain("select id from public.reflections where content = 'Loud'", "none");
    expect(nodes.map((node) => node["Node Type"])).toContain("Seq Scan");
  });
});
