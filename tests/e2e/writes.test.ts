import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SectionName } from "@/server/clarify/sections";
import { keepContentOutOfLogs } from "@/server/local/quiet";
import type { AppProcess } from "@/tests/support/app-process";
import { startApp } from "@/tests/support/app-process";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { RunSql } from "@/tests/support/database/sql";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestStack } from "@/tests/support/database/test-stack";
import { startStack } from "@/tests/support/database/test-stack";
import { createHttpClient } from "@/tests/support/http-client";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import { CacheRedis } from "@/tests/support/redis/cache-redis";

// Two processes as in production, over one database and one Redis; everything here goes through HTTP.

const WEBHOOK_SECRET = "the-webhook's-secret";
const CRON_SECRET = "the-scheduler's-secret";

let stack: TestStack;
let redis: CacheRedis;
let model: ModelServer;
let sql: RunSql;
let one: AppProcess;
let other: AppProcess;
let person: Person;

beforeAll(async () => {
  keepContentOutOfLogs();
  [stack, redis, model] = await Promise.all([startStack(), CacheRedis.start(), startModelServer()]);
  sql = createSqlClient(stack.address);
  person = await createPerson(stack.address, { name: "Noa" });
  const environment = {
    SUPABASE_URL: stack.address.url,
    SUPABASE_PUBLISHABLE_KEY: stack.address.publishableKey,
    SUPABASE_JWT_SECRET: stack.address.jwtSecret,
    SUPABASE_SECRET_KEY: stack.address.secretKey,
    UPSTASH_REDIS_REST_URL: redis.server.url,
    UPSTASH_REDIS_REST_TOKEN: redis.server.token,
    ANTHROPIC_API_KEY: "a-model-key",
    ANTHROPIC_BASE_URL: model.url,
    WEBHOOK_SECRET,
    CRON_SECRET,
  };
  [one, other] = [await startApp(environment), await startApp(environment)];
});
afterAll(async () => {
  await Promise.all([one?.stop(), other?.stop()]);
  await Promise.all([redis.stop(), model.close()]);
  await stack.stop();
});

const clientOf = ({ url }: AppProcess) => createHttpClient(url, person);

/** The items of a section in the next context of each process. */
function inBoth(section: SectionName): Promise<string[][]> {
  return Promise.all(
    [one, other].map(async (app) => {
      const { sections } = await clientOf(app).clarifyContext.get.query({ sessionId: null });
      return sections.find(({ name }) => name === section)?.items.map(({ label }) => label) ?? [];
    }),
  );
}

/** Reads until the next contexts come from the cache. */
async function warm(): Promise<void> {
  for (const app of [one, other]) {
    const sources = async () => {
      const { sections } = await clientOf(app).clarifyContext.get.query({ sessionId: null });
      return sections.map(({ source }) => source);
    };
    await expect.poll(sources).toEqual(Array(5).fill("fresh"));
  }
}

const post = (body: string, secret = WEBHOOK_SECRET) =>
  fetch(`${other.url}/api/hooks/database`, { method: "POST", body, headers: { authorization: `Bearer ${secret}` } });

const eventOf = (table: string, id: string) =>
  JSON.stringify({
    type: "INSERT",
    schema: "public",
    table,
    record: { id, user_id: person.id },
    old_record: null,
  });

describe("a write in one process", () => {
  it("is in the next context of both", async () => {
    await warm();
    const { id: dreamId } = await clientOf(one).dreams.create.mutate({ title: "Learn to sail" });
    expect(await inBoth("dreams")).toEqual([["Learn to sail"], ["Learn to sail"]]);
    await clientOf(other).dreams.update.mutate({ dreamId, title: "Sail alone" });
    expect(await inBoth("dreams")).toEqual([["Sail alone"], ["Sail alone"]]);
    await clientOf(one).account.update.mutate({ name: "Noa Levi" });
    expect((await inBoth("user")).map(([name]) => name)).toEqual(["Noa Levi", "Noa Levi"]);
    await clientOf(other).dreams.remove.mutate({ dreamId });
    expect(await inBoth("dreams")).toEqual([[], []]);
  });
});

describe("POST /api/hooks/database", () => {
  it("puts a row that was changed in the database into the next context of both", async () => {
    await warm();
    const [row] = await sql(
      `insert into public.reflections (user_id, tone, content) values ($1, 'calm', 'The harbour') returning id`,
      [person.id],
    );
    // No report has reached them yet.
    expect(await inBoth("reflections")).toEqual([[], []]);
    const answer = await post(eventOf("reflections", String(row?.id)));
    expect([answer.status, await answer.json()]).toEqual([200, { outdated: 2 }]);
    expect(await inBoth("reflections")).toEqual([["The harbour"], ["The harbour"]]);
  });

  it("requires the secret, and accepts at most 1 MB", async () => {
    const event = eventOf("reflections", crypto.randomUUID());
    expect((await post(event, "another-secret-of-length")).status).toBe(401);
    expect((await post("{")).status).toBe(400);
    expect((await post(event.padEnd(1024 * 1024 + 1, " "))).status).toBe(413);
    expect((await fetch(`${one.url}/api/hooks/database`)).status).toBe(405);
  });
});

describe("GET /api/jobs/consolidate-patterns", () => {
  const run = (secret: string) =>
    fetch(`${one.url}/api/jobs/consolidate-patterns`, { headers: { authorization: `Bearer ${secret}` } });

  it("runs only for the scheduler, answers with counts, and shows in the next context of both", async () => {
    await sql(`insert into public.clarify_sessions (user_id) values ($1)`, [person.id]);
    await sql(
      `insert into public.clarify_messages (id, user_id, session_id, role, content)
       select gen_random_uuid(), user_id, id, 'user', 'I think of the sea ' || n
       from public.clarify_sessions, generate_series(1, 5) n where user_id = $1`,
      [person.id],
    );
    const pattern = { type: "recurring_theme", content: "They return to the sea", messages: [1, 2, 3], sameAs: null };
    model.otherwise = { kind: "whole", text: JSON.stringify({ patterns: [pattern] }) };
    await warm();

    expect((await run("another-secret-of-length")).status).toBe(401);
    expect(model.requests).toEqual([]);
    expect(await (await run(CRON_SECRET)).json()).toEqual({
      status: "done",
      people: { consolidated: 1, failed: 0, skipped: 0, notBegun: 0 },
      messages: 5,
      patterns: { strengthened: 0, added: 1, decayed: 0, dropped: 0 },
    });
    expect(await inBoth("patterns")).toEqual([["They return to the sea"], ["They return to the sea"]]);
  });
});
