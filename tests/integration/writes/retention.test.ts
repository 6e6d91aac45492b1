import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openServiceDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import { createJobStore } from "@/server/jobs/job-store";
import { keepContentOutOfLogs } from "@/server/local/quiet";
import { createRetention } from "@/server/retention/job";
import type { RetentionStore } from "@/server/retention/retention-store";
import { createRetentionStore } from "@/server/retention/retention-store";
import { total } from "@/server/telemetry/snapshot";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { RunSql } from "@/tests/support/database/sql";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestStack } from "@/tests/support/database/test-stack";
import { startStack } from "@/tests/support/database/test-stack";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

// A stack of its own: the job looks at everybody, and other tests' people are none of its business.
let own: TestStack;
let sql: RunSql;
let store: RetentionStore;
beforeAll(async () => {
  keepContentOutOfLogs();
  own = await startStack();
  sql = createSqlClient(own.address);
  store = createRetentionStore(openServiceDatabase(own.address));
});
afterAll(() => own.stop());

let app: TestApp;
let person: Person;
beforeEach(async () => {
  await sql(`delete from auth.users`);
  app = createTestApp({ stack: own.address });
  person = await createPerson(own.address);
});

const DAYS = 30;

function run(over: Partial<RetentionStore> = {}, days: number | null = DAYS) {
  const { cache, clock, logger, metrics } = app.services;
  const jobs = createJobStore(openServiceDatabase(own.address), "remove-old-conversations");
  const used = { ...store, ...over };
  return createRetention({ store: used, days, cache, clock, logger, metrics, jobs, scheduled: false }).run();
}

/** A conversation with a message and its reply, the reply this many days old. */
async function converse({ id }: Person, daysAgo: number): Promise<{ sessionId: string; messageId: string }> {
  const [sessionId, messageId] = [randomUUID(), randomUUID()];
  await sql(`insert into public.clarify_sessions (id, user_id) values ($1, $2)`, [sessionId, id]);
  await sql(
    `insert into public.clarify_messages (id, user_id, session_id, role, content, reply_to)
     values ($1, $3, $4, 'user', 'Hello', null), ($2, $3, $4, 'assistant', 'I hear', $1)`,
    [messageId, randomUUID(), id, sessionId],
  );
  await sql(
    `insert into public.clarify_variants (id, user_id, session_id, message_id, variant, question, content, status, created_at)
     values (gen_random_uuid(), $1, $2, $3, 2, 'Hello', 'Hm', 'complete', now())`,
    [id, sessionId, messageId],
  );
  await sql(`insert into private.summary_attempts (session_id, user_id, not_before) values ($1, $2, now())`, [
    sessionId,
    id,
  ]);
  await sql(`update public.clarify_sessions set last_message_at = now() - $2 * interval '1 day' where id = $1`, [
    sessionId,
    daysAgo,
  ]);
  return { sessionId, messageId };
}

const count = async (table: string) => Number((await sql(`select count(*)::int as count from ${table}`))[0]?.count);

describe("conversations that are older than RETENTION_DAYS", () => {
  it("are removed with everything that hangs on them; younger ones stay whole", async () => {
    await converse(person, DAYS + 1);
    const { sessionId } = await converse(person, DAYS - 1);
    expect(await run()).toMatchObject({ people: 1, conversations: 1, failed: 0 });
    expect(await sql(`select id from public.clarify_sessions`)).toEqual([{ id: sessionId }]);
    expect(await count("public.clarify_messages")).toBe(2);
    expect(await count("public.clarify_variants")).toBe(1);
    expect(await count("private.summary_attempts")).toBe(1);
    expect(await run()).toMatchObject({ people: 0, conversations: 0, failed: 0 });
  });

  it("leave behind the dreams and patterns that came of them", async () => {
    const { sessionId } = await converse(person, DAYS + 1);
    await sql(`insert into public.dreams (user_id, session_id, title) values ($1, $2, 'Sail')`, [person.id, sessionId]);
    await sql(
      `insert into public.clarify_patterns (user_id, session_id, type, content) values ($1, $2, 'tension', 'Sea or land')`,
      [person.id, sessionId],
    );
    await run();
    for (const table of ["dreams", "clarify_patterns"]) {
      expect(await sql(`select session_id from public.${table}`)).toEqual([{ session_id: null }]);
    }
  });

  it("are in no context that is read afterwards", async () => {
    await converse(person, DAYS + 1);
    const context = async () => (await app.as(person).clarifyContext.get({ sessionId: null })).sections;
    const loaded = (name: string, sections: Awaited<ReturnType<typeof context>>) =>
      sections.find((section) => section.name === name)?.itemsLoaded;
    expect(loaded("sessions", await context())).toBe(1);
    await app.backgroundDone();
    await run();
    expect(loaded("sessions", await context())).toBe(0);
  });

  it("stay while a reply is written in them", async () => {
    const { messageId } = await converse(person, DAYS + 1);
    const answering = (until: string) =>
      sql(`update public.clarify_messages set answering_until = now() + $2::interval where id = $1`, [
        messageId,
        until,
      ]);
    await answering("1 minute");
    expect((await run()).conversations).toBe(0);
    await answering("-1 minute");
    expect((await run()).conversations).toBe(1);
  });

  it("stay when a reply begins after they were looked for and before they are removed", async () => {
    const { messageId } = await converse(person, DAYS + 1);
    // A policy runs while the statement that looks for them reads, after its snapshot.
    await sql(`create function private.begin_reply() returns boolean language plpgsql security definer as $$
      begin
        update public.clarify_messages set answering_until = now() + interval '1 minute' where id = '${messageId}';
        return true;
      end $$`);
    const remove = `public.remove_old_conversations (uuid, integer, integer)`;
    await sql(
      `create policy meanwhile on public.clarify_sessions as restrictive for select using (private.begin_reply())`,
    );
    await sql(`grant execute on function private.begin_reply () to authenticated`);
    await sql(`grant execute on function ${remove} to authenticated`);
    try {
      const args = { p_user_id: person.id, p_days: DAYS, p_limit: 10 };
      expect(unwrap(await person.database.rpc("remove_old_conversations", args))).toBe(0);
    } finally {
      await sql(`revoke execute on function ${remove} from authenticated`);
      await sql(`drop policy meanwhile on public.clarify_sessions`);
      await sql(`drop function private.begin_reply ()`);
    }
    expect(await count("public.clarify_sessions")).toBe(1);
  });

  it("are removed in one run, however many they are", async () => {
    await sql(`insert into public.clarify_sessions (user_id) select $1 from generate_series(1, 120)`, [person.id]);
    await sql(`update public.clarify_sessions set last_message_at = now() - interval '1 year'`);
    expect(await run()).toMatchObject({ people: 1, conversations: 120, failed: 0 });
  });

  it("are counted, and so is how the run ended", async () => {
    await converse(person, DAYS + 1);
    await run();
    await expect(run({ people: () => Promise.reject(new Error("the database is away")) })).rejects.toThrow("away");
    const figures = await app.services.telemetry.snapshot();
    expect(total(figures, "clarify.retention_conversations")).toBe(1);
    expect(total(figures, "clarify.retention_runs", { result: "succeeded" })).toBe(1);
    expect(total(figures, "clarify.retention_runs", { result: "failed" })).toBe(1);
    const [state] = await sql(
      `select succeeded_at, failed_at from private.jobs where name = 'remove-old-conversations'`,
    );
    expect(state).toEqual({ succeeded_at: expect.anything(), failed_at: expect.anything() });
  });

  it("of one person that cannot be removed hold up nobody else's", async () => {
    const other = await createPerson(own.address);
    await converse(person, DAYS + 2);
    await converse(other, DAYS + 1);
    const remove: RetentionStore["remove"] = (userId, ...rest) =>
      userId === person.id ? Promise.reject(new Error("away")) : store.remove(userId, ...rest);
    expect(await run({ remove })).toMatchObject({ people: 1, conversations: 1, failed: 1 });
    expect(await run()).toMatchObject({ people: 1, conversations: 1, failed: 0 });
    const figures = await app.services.telemetry.snapshot();
    expect(total(figures, "clarify.retention_runs", { result: "succeeded" })).toBe(2);
  });

  it("make a run that can remove none of them a failed one", async () => {
    await converse(person, DAYS + 1);
    await sql(`update private.jobs set succeeded_at = null, failed_at = null where name = 'remove-old-conversations'`);
    expect(await run({ remove: () => Promise.reject(new Error("away")) })).toMatchObject({ people: 0, failed: 1 });
    const figures = await app.services.telemetry.snapshot();
    expect(total(figures, "clarify.retention_runs", { result: "failed" })).toBe(1);
    const [state] = await sql(
      `select succeeded_at, failed_at from private.jobs where name = 'remove-old-conversations'`,
    );
    expect(state).toEqual({ succeeded_at: null, failed_at: expect.anything() });
  });

  it("are nobody's to remove but their owner's and the job's", async () => {
    await converse(person, DAYS + 1);
    const stranger = await createPerson(own.address);
    const { database } = stranger;
    const remove = await database.rpc("remove_old_conversations", { p_user_id: person.id, p_days: 1, p_limit: 10 });
    const people = await database.rpc("people_with_old_conversations", { p_days: 1, p_limit: 10 });
    for (const { data, error } of [remove, people]) expect([data, error?.code]).toEqual([null, "42501"]);
    expect(await count("public.clarify_sessions")).toBe(1);
  });
});

describe("conversations in which nothing was said", () => {
  it("are removed after a day, also where conversations are kept", async () => {
    await sql(
      `insert into public.clarify_sessions (user_id, created_at)
       values ($1, now() - interval '25 hours'), ($1, now() - interval '23 hours')`,
      [person.id],
    );
    const { sessionId } = await converse(person, 4_000);
    expect(await run({}, null)).toMatchObject({ people: 1, conversations: 1, failed: 0 });
    expect(await count("public.clarify_sessions")).toBe(2);
    expect(await sql(`select id from public.clarify_sessions where title is not null`)).toEqual([{ id: sessionId }]);
    expect(await sql(`select total_sessions from public.users where id = $1`, [person.id])).toEqual([
      { total_sessions: 2 },
    ]);
  });
});

describe("the bins", () => {
  const binned = async (daysAgo: number, lastMessageDaysAgo: number | null = null) => {
    await sql(
      `insert into public.bin (id, user_id, kind, content, removed_at, last_message_at)
       values (gen_random_uuid(), $1, $2, '{}', now() - $3 * interval '1 day', now() - $4 * interval '1 day')`,
      [person.id, lastMessageDaysAgo === null ? "dream" : "conversation", daysAgo, lastMessageDaysAgo],
    );
  };

  it("are emptied of what has been in them for 30 days, and of conversations that are older than RETENTION_DAYS", async () => {
    await binned(31);
    await binned(29);
    await binned(31, 40);
    await binned(1, DAYS + 1);
    await binned(1, DAYS - 2);
    expect(await run()).toMatchObject({ fromBins: 3, failed: 0 });
    expect(await count("public.bin")).toBe(2);
  });

  it("keep old conversations for 30 days where RETENTION_DAYS is not set", async () => {
    await binned(29, 4_000);
    expect(await run({}, null)).toMatchObject({ fromBins: 0 });
    await sql(`insert into public.bin (id, user_id, kind, content, removed_at)
      select gen_random_uuid(), '${person.id}', 'dream', '{}', now() - interval '31 days' from generate_series(1, 120)`);
    expect(await run({}, null)).toMatchObject({ fromBins: 120 });
    expect(await count("public.bin")).toBe(1);
  });

  it("that cannot be emptied hold up nothing else", async () => {
    await converse(person, DAYS + 1);
    const emptyBins = () => Promise.reject(new Error("away"));
    expect(await run({ emptyBins })).toEqual({ people: 1, conversations: 1, fromBins: 0, failed: 1 });
  });

  it("are nobody's to empty but the job's", async () => {
    const { error } = await person.database.rpc("empty_bins", { p_days: 1, p_limit: 10 });
    expect(error?.code).toBe("42501");
  });
});
