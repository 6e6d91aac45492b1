import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, inject, it } from "vitest";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";

// The SQL of OPERATIONS.md is run as it stands there.

const stack = inject("stack");
const sql = createSqlClient(stack);

/** The SQL under a heading of OPERATIONS.md, a query each. */
function queriesUnder(heading: string): string[] {
  const operations = readFileSync("OPERATIONS.md", "utf8");
  const [, section = ""] = operations.split(`\n### ${heading}\n`);
  const [text = ""] = section.split(/\n##+ /);
  return [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, query = ""]) => query);
}

it("says what each person used this month, answers that are not chosen any more included", async () => {
  const { id, email } = await createPerson(stack);
  const [sessionId, messageId] = [randomUUID(), randomUUID()];
  await sql(`insert into public.clarify_sessions (id, user_id) values ($1, $2)`, [sessionId, id]);
  // So many that this person is the first of all that other tests make.
  await sql(
    `insert into public.clarify_messages
       (id, user_id, session_id, role, content, reply_to, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens)
     values
       ($1, $2, $3, 'user', 'Hello', null, null, null, null, null),
       (gen_random_uuid(), $2, $3, 'assistant', 'I hear', $1, 1000000, 1000000000, 1000000, 1000000)`,
    [messageId, id, sessionId],
  );
  await sql(
    `insert into public.clarify_variants
       (id, user_id, session_id, message_id, variant, question, content, status, output_tokens, created_at)
     values
       (gen_random_uuid(), $1, $2, $3, 2, 'Hello', 'Hm', 'complete', 1000000, now()),
       (gen_random_uuid(), $1, $2, $3, 3, 'Hello', 'Hm', 'complete', 1000000, now() - interval '32 days')`,
    [id, sessionId, messageId],
  );
  const [monthly = ""] = queriesUnder("What each person uses");
  const [first] = await sql(monthly);
  expect(first).toMatchObject({ email });
  const { answers, input, output, cache_read, cache_write, dollars } = first ?? {};
  expect([answers, input, output, cache_read, cache_write].map(Number)).toEqual([
    2, 1_000_000, 1_001_000_000, 1_000_000, 1_000_000,
  ]);
  expect(Number(dollars)).toBeCloseTo(3 + 15 * 1_001 + 0.3 + 3.75, 2);
});

it("says how many people wrote something today", async () => {
  const [, active = ""] = queriesUnder("What each person uses");
  const people = async () => Number((await sql(active))[0]?.people);
  const before = await people();
  const { id } = await createPerson(stack);
  const sessionId = randomUUID();
  await sql(`insert into public.clarify_sessions (id, user_id) values ($1, $2)`, [sessionId, id]);
  await sql(
    `insert into public.clarify_messages (id, user_id, session_id, role, content)
     select gen_random_uuid(), $1, $2, 'user', 'Hello' from generate_series(1, 2)`,
    [id, sessionId],
  );
  expect(await people()).toBeGreaterThan(before);
});

it("says what each person has used of their day's tokens", async () => {
  const { id, email } = await createPerson(stack);
  const today = "(now() at time zone 'UTC')::date";
  await sql(
    `insert into private.model_calls (id, user_id, day, tokens) values
       (gen_random_uuid(), $1, ${today}, 60000000), (gen_random_uuid(), $1, ${today}, 40000000),
       (gen_random_uuid(), $1, ${today} - 1, 5)`,
    [id],
  );
  const [, , daily = ""] = queriesUnder("What each person uses");
  const [first] = await sql(daily);
  expect({ ...first, calls: Number(first?.calls), tokens: Number(first?.tokens) }).toEqual({
    email,
    calls: 2,
    tokens: 100_000_000,
  });
});
