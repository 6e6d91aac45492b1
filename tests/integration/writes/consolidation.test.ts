import { fork } from "node:child_process";
import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { z } from "zod";
import { MemoryStore } from "@/server/cache/memory";
import { createAnthropicExtractor } from "@/server/consolidation/anthropic-extractor";
import type { ConsolidationLimits, ConsolidationReport } from "@/server/consolidation/consolidate";
import { consolidatePatterns } from "@/server/consolidation/consolidate";
import type { ConsolidationStore } from "@/server/consolidation/consolidation-store";
import { createConsolidationStore } from "@/server/consolidation/consolidation-store";
import { openServiceDatabase } from "@/server/database/client";
import { createJobStore } from "@/server/jobs/job-store";
import { keepContentOutOfLogs } from "@/server/local/quiet";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { RunSql } from "@/tests/support/database/sql";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestStack } from "@/tests/support/database/test-stack";
import { startStack } from "@/tests/support/database/test-stack";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";
import type { consolidationTask } from "./support/dying-consolidation";

// A stack of its own, because the job looks at everybody, and must not see the people of other tests.
let own: TestStack;
let sql: RunSql;
let store: ConsolidationStore;
let model: ModelServer;
beforeAll(async () => {
  keepContentOutOfLogs();
  own = await startStack();
  sql = createSqlClient(own.address);
  store = createConsolidationStore(openServiceDatabase(own.address));
  model = await startModelServer();
});
afterAll(async () => {
  await model.close();
  await own.stop();
});

let app: TestApp;
beforeEach(async () => {
  await sql(`delete from auth.users`);
  app = createTestApp({ stack: own.address });
  model.requests.length = 0;
  sees(pattern("They return to the sea", [1, 2]));
});

interface Seen {
  type: string;
  content: string;
  messages: number[];
  sameAs: number | null;
}

function pattern(content: string, messages: number[], sameAs: number | null = null): Seen {
  return { type: "recurring_theme", content, messages, sameAs };
}

/** The patterns that the model sees in any messages. */
function sees(...patterns: Seen[]): void {
  model.otherwise = { kind: "whole", text: JSON.stringify({ patterns }) };
}

function run(limits: Partial<ConsolidationLimits> = {}, by = app, over = store): Promise<ConsolidationReport> {
  const extractor = createAnthropicExtractor({ apiKey: "test", baseUrl: model.url, model: "claude-test" });
  const { cache, clock, logger, metrics } = by.services;
  return consolidatePatterns({ store: over, extractor, cache, clock, logger, metrics, limits });
}

async function write(userId: string, count: number, content = "I think of the sea"): Promise<void> {
  await sql(`insert into public.clarify_sessions (user_id) values ($1)`, [userId]);
  await sql(
    `insert into public.clarify_messages (id, user_id, session_id, role, content, created_at)
     select gen_random_uuid(), $1, session.id, 'user', $3 || ' ' || n, now() - ($2::int - n) * interval '1 second'
     from generate_series(1, $2::int) n,
       (select id from public.clarify_sessions where user_id = $1 order by created_at desc limit 1) as session`,
    [userId, count, content],
  );
}

async function somebody(messages = 5): Promise<Person> {
  const person = await createPerson(own.address);
  await write(person.id, messages);
  return person;
}

async function addPattern({ id }: Person, content: string, columns: { strength: number; daysUnseen?: number }) {
  await sql(
    `insert into public.clarify_patterns (user_id, type, content, strength, last_seen_at)
     values ($1, 'recurring_theme', $2, $3, now() - $4 * interval '1 day')`,
    [id, content, columns.strength, columns.daysUnseen ?? 0],
  );
}

const patternsOf = async ({ id }: { id: string }) =>
  (await sql(`select content, strength from public.clarify_patterns where user_id = $1 order by content`, [id])).map(
    ({ content, strength }) => `${content}: ${strength}`,
  );

async function unconsolidated(): Promise<number> {
  const [row] = await sql(
    `select count(*)::int as count from public.clarify_messages where role = 'user' and consolidated_at is null`,
  );
  return Number(row?.count);
}

describe("a run", () => {
  it("turns at least five messages of a person into patterns, which are in their next context", async () => {
    const person = await somebody();
    const four = await somebody(4);
    sees(pattern("They return to the sea", [1, 2, 3]));
    const context = () => app.as(person).clarifyContext.get({ sessionId: null });
    expect((await context()).sections[2]?.items).toEqual([]);
    await app.backgroundDone();

    expect(await run()).toEqual({
      people: { consolidated: 1, failed: 0, skipped: 0, notBegun: 0 },
      messages: 5,
      patterns: { strengthened: 0, added: 1, decayed: 0, dropped: 0 },
    });

    expect((await context()).sections[2]?.items.map(({ label }) => label)).toEqual(["They return to the sea"]);
    const [row] = await sql(`select session_id, type, strength from public.clarify_patterns`);
    expect(row).toEqual({ session_id: expect.any(String), type: "recurring_theme", strength: 3 });
    expect(await patternsOf(four)).toEqual([]);
    expect(await unconsolidated()).toBe(4);
    await app.backgroundDone();
  });

  it("has nothing to do the second time, and does not call the model", async () => {
    await somebody();
    await run();
    model.requests.length = 0;
    expect((await run()).people).toEqual({ consolidated: 0, failed: 0, skipped: 0, notBegun: 0 });
    expect(model.requests).toEqual([]);
  });

  it("strengthens known patterns instead of adding new ones, up to 10", async () => {
    const person = await somebody();
    await addPattern(person, "They return to the sea", { strength: 9 });
    await addPattern(person, "Torn between two lives", { strength: 2 });
    sees(pattern("The sea: they return to it", [1, 2, 3]), pattern("Sea or land", [4], 2));
    const { patterns } = await run();
    expect(patterns).toEqual({ strengthened: 2, added: 0, decayed: 0, dropped: 0 });
    expect(await patternsOf(person)).toEqual(["They return to the sea: 10", "Torn between two lives: 3"]);
  });

  it("sends the model the known patterns, strongest first, and the messages, oldest first", async () => {
    const person = await somebody();
    await addPattern(person, "Weak", { strength: 1 });
    await addPattern(person, "Strong", { strength: 8 });
    await run();
    const prompt = String(model.requests[0]?.messages[0]?.content);
    expect(prompt).toMatch(/1\. \[recurring_theme\] Strong\n2\. \[recurring_theme\] Weak/);
    expect(prompt).toMatch(/1\. I think of the sea 1\n(.*\n){3}5\. I think of the sea 5/);
  });

  it("lets unseen patterns decay by one for every full 30 days, once, down to 1", async () => {
    const person = await somebody();
    await addPattern(person, "A: unseen for 29 days", { strength: 5, daysUnseen: 29 });
    await addPattern(person, "B: unseen for 95 days", { strength: 5, daysUnseen: 95 });
    await addPattern(person, "C: unseen for 400 days", { strength: 5, daysUnseen: 400 });
    await addPattern(person, "D seen now", { strength: 5, daysUnseen: 400 });
    const expected = ["A: unseen for 29 days: 5", "B: unseen for 95 days: 2", "C: unseen for 400 days: 1"];
    sees(pattern("D seen now", [1]));
    expect((await run()).patterns).toMatchObject({ strengthened: 1, decayed: 2 });
    expect(await patternsOf(person)).toEqual([...expected, "D seen now: 6"]);

    await write(person.id, 5);
    sees();
    expect((await run()).patterns.decayed).toBe(0);
    expect(await patternsOf(person)).toEqual([...expected, "D seen now: 6"]);

    await sql(`update public.clarify_patterns set decayed_at = decayed_at - interval '30 days',
      last_seen_at = last_seen_at - interval '30 days'`);
    await write(person.id, 5);
    await run();
    expect((await patternsOf(person)).slice(0, 3)).toEqual([
      "A: unseen for 29 days: 4",
      "B: unseen for 95 days: 1",
      "C: unseen for 400 days: 1",
    ]);
  });

  it("keeps a hundred patterns of a person, and removes the weakest", async () => {
    const person = await somebody();
    await sql(
      `insert into public.clarify_patterns (user_id, type, content, strength)
       select $1, 'tension', 'Pattern ' || n, 2 + n % 5 from generate_series(1, 104) n`,
      [person.id],
    );
    await addPattern(person, "The weakest", { strength: 1 });
    sees();
    expect((await run()).patterns.dropped).toBe(5);
    const kept = await patternsOf(person);
    expect(kept).toHaveLength(100);
    expect(kept).not.toContain("The weakest: 1");
  });

  it("reads at most a hundred messages of a person at once, and the rest next time", async () => {
    await somebody(230);
    expect((await run()).messages).toBe(100);
    expect((await run()).messages).toBe(100);
    expect((await run()).messages).toBe(30);
    expect(await unconsolidated()).toBe(0);
    const sent = model.requests.map(({ messages }) => String(messages[0]?.content).match(/I think of the sea (\d+)/g));
    expect(new Set(sent.flat()).size).toBe(230);
  });

  it("reads about 60,000 characters of a person at once", async () => {
    const person = await createPerson(own.address);
    await write(person.id, 20, "x".repeat(3_900));
    expect((await run()).messages).toBe(16);
  });

  it("is limited in people and time; people who were not reached come first in the next run", async () => {
    for (let n = 0; n < 5; n += 1) await somebody();
    expect((await run({ budgetMs: 0 })).people).toEqual({ consolidated: 0, failed: 0, skipped: 0, notBegun: 5 });
    expect((await run({ maxPeople: 2 })).people.consolidated).toBe(2);
    expect((await run({ maxPeople: 2 })).people.consolidated).toBe(2);
    expect((await run({ maxPeople: 2 })).people.consolidated).toBe(1);
    expect(await unconsolidated()).toBe(0);
  });

  it("goes on after a person whose extraction fails, and leaves out for a while one who always fails", async () => {
    const unlucky = await somebody();
    await write(unlucky.id, 5, "unlucky");
    const others = [await somebody(), await somebody(), await somebody()];
    const seen = JSON.stringify({ patterns: [pattern("They return to the sea", [1])] });
    model.otherwise = ({ messages }) =>
      JSON.stringify(messages).includes("unlucky")
        ? { kind: "whole", text: "not JSON" }
        : { kind: "whole", text: seen };
    expect((await run({ maxPeople: 2 })).people).toMatchObject({ consolidated: 1, failed: 1 });
    expect((await run({ maxPeople: 2 })).people).toMatchObject({ consolidated: 2, failed: 0 });
    expect((await run({ maxPeople: 2 })).people).toMatchObject({ consolidated: 0, failed: 0 });
    for (const other of others) expect(await patternsOf(other)).toEqual(["They return to the sea: 1"]);
    expect(await unconsolidated()).toBe(10);
    expect(await patternsOf(unlucky)).toEqual([]);

    await sql(`update private.consolidations set retry_at = now()`);
    sees(pattern("They return to the sea", [1]));
    expect((await run()).people.consolidated).toBe(1);
  });

  it("logs counts and codes, and nothing about people", async () => {
    const person = await somebody();
    model.otherwise = { kind: "whole", text: "They return to the sea" };
    await run();
    const logged = JSON.stringify(app.logLines());
    expect(logged).toContain("person not consolidated");
    expect(logged).not.toMatch(new RegExp(`the sea|${person.id}|${person.email}`));
  });
});

describe("everybody is counted exactly once", () => {
  const text = JSON.stringify({
    patterns: [pattern("They return to the sea", [1]), pattern("They return to the sea again", [2])],
  });

  /** This many new people with six messages each. */
  async function populate(count: number): Promise<void> {
    await sql(
      `insert into auth.users (id, email) select gen_random_uuid(), 'p' || n || '@example.com' from generate_series(1, $1::int) n`,
      [count],
    );
    await sql(`insert into public.clarify_sessions (user_id) select id from public.users`);
    await sql(
      `insert into public.clarify_messages (id, user_id, session_id, role, content)
       select gen_random_uuid(), user_id, id, 'user', 'Message ' || n || ' of ' || user_id
       from public.clarify_sessions, generate_series(1, 6) n`,
    );
  }

  /** The messages of each of them were consolidated once: one pattern, with the strength of one pass. */
  async function expectOnce(count: number): Promise<void> {
    expect(await unconsolidated()).toBe(0);
    const patterns = await sql(`select user_id, content, strength from public.clarify_patterns`);
    expect(patterns).toHaveLength(count);
    expect(new Set(patterns.map(({ user_id }) => user_id)).size).toBe(count);
    expect(new Set(patterns.map(({ content, strength }) => `${content}: ${strength}`))).toEqual(
      new Set(["They return to the sea: 2"]),
    );
  }

  it("when two runs over 200 people overlap and the model fails every 7th call; the next run finishes", async () => {
    const count = 200;
    await populate(count);
    let calls = 0;
    model.otherwise = () => {
      calls += 1;
      return calls % 7 === 0 ? { kind: "error", status: 500, type: "api_error" } : { kind: "whole", text };
    };
    const sharedCache = new MemoryStore();
    const processes = [1, 2].map(() => createTestApp({ stack: own.address, store: () => sharedCache }));

    const reports = await Promise.all(processes.map((by) => run({}, by)));
    const failed = reports.reduce((sum, { people }) => sum + people.failed, 0);
    expect(failed).toBe(Math.floor(calls / 7));
    expect(failed).toBeGreaterThan(20);
    // Each was sent to the model by one of the runs, and once more by the other if the first had failed.
    expect(reports.every(({ people }) => people.consolidated > 20)).toBe(true);
    model.otherwise = { kind: "whole", text };
    reports.push(await run());

    await expectOnce(count);
    expect(reports.reduce((sum, { people }) => sum + people.consolidated, 0)).toBe(count);
    expect(reports.reduce((sum, { messages }) => sum + messages, 0)).toBe(count * 6);
    expect(reports.at(-1)?.people).toMatchObject({ failed: 0, skipped: 0, notBegun: 0 });
  }, 120_000);

  /** A process that runs once. */
  function startRun() {
    const task: z.infer<typeof consolidationTask> = {
      database: { url: own.address.url, secretKey: own.address.secretKey },
      modelUrl: model.url,
    };
    const child = fork("tests/integration/writes/support/dying-consolidation.ts", [JSON.stringify(task)], {
      execArgv: ["--import", "tsx"],
    });
    return { child, ended: new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal))) };
  }

  it("when the process is killed in the middle of a run; the next run finishes", async () => {
    const count = 20;
    await populate(count);
    const { child, ended } = startRun();
    let calls = 0;
    model.otherwise = () => {
      calls += 1;
      if (calls === 12) child.kill("SIGKILL");
      return { kind: "whole", text };
    };
    expect(await ended).toBe("SIGKILL");
    const left = await unconsolidated();
    expect(left % 6).toBe(0);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(count * 6);

    // The person it was working on stays claimed for as long as it might still be alive; the others are free at once.
    await run();
    await expireClaims();
    await run();
    await expectOnce(count);
  });

  it("when the database's answer is lost after everything was stored", async () => {
    await populate(3);
    model.otherwise = { kind: "whole", text };
    let lost = 0;
    const losing: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!String(input).includes("finish_consolidation")) return response;
      await response.text();
      lost += 1;
      throw new TypeError("fetch failed");
    };
    const report = await run({}, app, createConsolidationStore(openServiceDatabase({ ...own.address, fetch: losing })));
    expect(report.people).toEqual({ consolidated: 0, failed: 3, skipped: 0, notBegun: 0 });
    expect(lost).toBe(3);
    expect((await run()).people).toEqual({ consolidated: 0, failed: 0, skipped: 0, notBegun: 0 });
    await expectOnce(3);
  });

  const claimOf = ({ id }: Person) => ({ userId: id, token: crypto.randomUUID() });
  const signal = new AbortController().signal;
  const expireClaims = () => sql(`update private.consolidations set claimed_until = now() - interval '1 second'`);

  /** An attempt up to the point where its findings are stored. */
  async function attempt(person: Person) {
    const claim = claimOf(person);
    const begun = await store.begin(claim);
    if (begun === null) throw new Error("The person is claimed");
    const added = [{ type: "tension" as const, content: "Sea or land", strength: 1, messages: [0] }];
    const found = { messageIds: begun.messages.map(({ id }) => id), patterns: { seen: [], added } };
    return () => store.finish(claim, found, signal);
  }

  it("when a run dies between the model's answer and the database", async () => {
    const person = await somebody();
    await attempt(person);
    // Claimed, so nobody else pays for the same extraction.
    expect((await run()).people).toEqual({ consolidated: 0, failed: 0, skipped: 0, notBegun: 0 });
    expect(await store.begin(claimOf(person))).toBeNull();
    expect(await unconsolidated()).toBe(5);
    await expireClaims();
    expect((await run()).people.consolidated).toBe(1);
    expect(await unconsolidated()).toBe(0);
  });

  it("when a claim expires and both go on: only the one that took it over may finish", async () => {
    const person = await somebody();
    const first = await attempt(person);
    await expireClaims();
    const second = await attempt(person);
    await expect(first()).rejects.toMatchObject({ code: "conflict" });
    expect(await second()).toMatchObject({ messages: 5, added: 1 });
    await expect(first()).rejects.toMatchObject({ code: "conflict" });
    expect(await patternsOf(person)).toEqual(["Sea or land: 1"]);
  });

  it("when a claim expires and no other run took it over: it may still finish", async () => {
    const person = await somebody();
    const finish = await attempt(person);
    await expireClaims();
    expect(await finish()).toMatchObject({ messages: 5, added: 1 });
  });

  it("when both finish at the same moment", async () => {
    const person = await somebody();
    const first = await attempt(person);
    await expireClaims();
    const second = await attempt(person);
    const outcomes = await Promise.allSettled([first(), second(), second(), first()]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await patternsOf(person)).toEqual(["Sea or land: 1"]);
  });

  it.each([
    ["is deleted", `delete from public.clarify_messages where user_id = $1 and content like '%1'`],
    [
      "is consolidated",
      `update public.clarify_messages set consolidated_at = now() where user_id = $1 and content like '%1'`,
    ],
  ])("when a message %s while the model reads it: nothing is stored of what it said", async (_what, statement) => {
    const person = await somebody(6);
    const finish = await attempt(person);
    await sql(statement, [person.id]);
    await expect(finish()).rejects.toMatchObject({ code: "conflict" });
    expect(await patternsOf(person)).toEqual([]);
    expect(await unconsolidated()).toBe(5);
  });

  it("when the database refuses in the middle: no message is marked", async () => {
    const person = await somebody();
    const claim = claimOf(person);
    const begun = await store.begin(claim);
    const messageIds = begun?.messages.map(({ id }) => id) ?? [];
    const added = [{ type: "tension" as const, content: "x".repeat(1_001), strength: 1, messages: [0] }];
    await expect(store.finish(claim, { messageIds, patterns: { seen: [], added } }, signal)).rejects.toThrow();
    expect(await unconsolidated()).toBe(5);
  });

  it("and a pattern that the person removes in the meantime stays removed", async () => {
    const person = await somebody();
    await addPattern(person, "They return to the sea", { strength: 4 });
    const claim = claimOf(person);
    const begun = await store.begin(claim);
    await sql(`delete from public.clarify_patterns where user_id = $1`, [person.id]);
    const found = {
      messageIds: begun?.messages.map(({ id }) => id) ?? [],
      patterns: { seen: [{ id: begun?.patterns[0]?.id ?? "", by: 1, messages: [0] }], added: [] },
    };
    expect(await store.finish(claim, found, signal)).toMatchObject({ messages: 5, strengthened: 0 });
    expect(await patternsOf(person)).toEqual([]);
  });
});

describe("a person whose messages the model refuses", () => {
  const later = (hours: number) =>
    sql(`update private.consolidations set retry_at = retry_at - $1::int * interval '1 hour'`, [hours]);
  const waits = async () => {
    const [row] = await sql(
      `select round(extract(epoch from retry_at - now()) / 3600)::int as hours from private.consolidations`,
    );
    return row?.hours;
  };

  it.each([
    ["refuses", { stopReason: "refusal" as const }],
    ["cuts off its answer", { stopReason: "max_tokens" as const }],
    ["answers nonsense", {}],
  ])(
    "is left alone for longer each time the model %s, and read like anybody once it does not",
    async (_what, answer) => {
      const person = await somebody();
      model.otherwise = { kind: "whole", text: "no JSON", ...answer };
      for (const hours of [2, 4, 8]) {
        expect((await run()).people.failed).toBe(1);
        expect(await waits()).toBe(hours);
        const asked = model.requests.length;
        expect((await run()).people).toEqual({ consolidated: 0, failed: 0, skipped: 0, notBegun: 0 });
        expect(model.requests).toHaveLength(asked);
        await later(hours + 1);
      }
      sees(pattern("They return to the sea", [1, 2]));
      expect((await run()).people.consolidated).toBe(1);
      expect(await sql(`select fruitless, retry_at from private.consolidations`)).toEqual([
        { fruitless: 0, retry_at: null },
      ]);
      expect(await patternsOf(person)).toEqual(["They return to the sea: 2"]);
    },
  );

  it("is tried again at once when the failure was not about the messages", async () => {
    await somebody();
    model.answers = [{ kind: "error", status: 529, type: "overloaded_error" }];
    expect((await run()).people.failed).toBe(1);
    expect((await run()).people.consolidated).toBe(1);
  });
});

describe("a conversation off the record", () => {
  it("is never read for patterns, and its messages do not count towards the minimum", async () => {
    const person = await somebody(5);
    await sql(`update public.clarify_sessions set off_record = true where user_id = $1`, [person.id]);
    await write(person.id, 4, "On the record");
    expect((await run()).people.consolidated).toBe(0);
    expect(model.requests).toHaveLength(0);
    await write(person.id, 1, "On the record");
    expect((await run()).people.consolidated).toBe(1);
    expect(JSON.stringify(model.requests[0]?.messages)).not.toContain("I think of the sea");
    expect(await unconsolidated()).toBe(5);
  });
});

describe("a pattern", () => {
  it("lists the latest twenty messages in which it was seen, and keeps the person's wording", async () => {
    const person = await somebody(5);
    await run();
    const caller = app.as(person);
    const [found] = (await caller.patterns.list({ limit: 10 })).items;
    const patternId = found?.id ?? "";
    expect((await caller.patterns.messages({ patternId })).map(({ content }) => content)).toEqual([
      "I think of the sea 2",
      "I think of the sea 1",
    ]);
    await caller.patterns.update({ patternId, content: "The sea calls me" });
    sees(pattern("They return to the sea", [1, 2, 3, 4, 5], 1));
    for (let round = 0; round < 5; round += 1) {
      await write(person.id, 5, `Again in round ${round}, of the sea`);
      await run();
    }
    const messages = await caller.patterns.messages({ patternId });
    expect(messages).toHaveLength(20);
    expect(messages[0]?.content).toBe("Again in round 4, of the sea 5");
    expect((await caller.patterns.list({ limit: 10 })).items.map(({ content }) => content)).toEqual([
      "The sea calls me",
    ]);
    await sql(`delete from public.clarify_sessions where user_id = $1`, [person.id]);
    expect(await caller.patterns.messages({ patternId })).toEqual([]);
  });

  it("of another person shows no messages", async () => {
    const person = await somebody(5);
    await run();
    const [found] = (await app.as(person).patterns.list({ limit: 10 })).items;
    const other = await createPerson(own.address);
    await expect(app.as(other).patterns.messages({ patternId: found?.id ?? "" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("the runs of the schedule", () => {
  const open = () => createJobStore(openServiceDatabase(own.address), "consolidate-patterns");
  const due = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));
  beforeEach(() => sql(`delete from private.jobs`));

  it("are taken by one process each", async () => {
    const processes = [open(), open(), open()];
    for (const hour of [1, 2]) {
      const begun = await Promise.all(processes.map((process) => process.begin(due(hour))));
      expect(begun.filter(Boolean)).toHaveLength(1);
      await processes[begun.indexOf(true)]?.end(true);
      expect(await processes[0]?.begin(due(hour))).toBe(false);
    }
  });

  it("go on after the running process has died, when its lease expires", async () => {
    const [dead, alive] = [open(), open()];
    expect(await dead.begin(due(1))).toBe(true);
    expect(await alive.begin(due(2))).toBe(false);
    await sql(`update private.jobs set leased_until = now() - interval '1 second'`);
    expect(await alive.begin(due(3))).toBe(true);
    // It comes back, and takes nothing from the process that took over.
    await dead.end(false);
    expect(await dead.begin(due(4))).toBe(false);
  });

  it("are known to all processes with the result of the last ones", async () => {
    const [one, other] = [open(), open()];
    expect(await other.state()).toEqual({ succeededAt: null, failedAt: null });
    await one.begin(due(1));
    await one.end(true);
    await other.begin(due(2));
    await other.end(false);
    const { succeededAt, failedAt } = await one.state();
    expect(Date.now() - (succeededAt ?? 0)).toBeLessThan(60_000);
    expect(failedAt).toBeGreaterThanOrEqual(succeededAt ?? Number.POSITIVE_INFINITY);
  });
});

describe("the functions", () => {
  it("can only be called with the secret key", async () => {
    const person = await somebody();
    const anonymous = createClient(own.address.url, own.address.publishableKey, { auth: { persistSession: false } });
    for (const { rpc } of [person.database, anonymous].map((database) => ({ rpc: database.rpc.bind(database) }))) {
      const claim = { p_user_id: person.id, p_token: crypto.randomUUID() };
      const answers = await Promise.all([
        rpc("people_to_consolidate", { p_min_messages: 1, p_limit: 10 }),
        rpc("begin_consolidation", {
          ...claim,
          p_min_messages: 1,
          p_max_messages: 10,
          p_max_characters: 10,
          p_claim_seconds: 10,
        }),
        rpc("finish_consolidation", { ...claim, p_message_ids: [], p_seen: [], p_added: [], p_max_patterns: 0 }),
        rpc("abandon_consolidation", { ...claim, p_fruitless: true }),
        rpc("begin_job", {
          p_name: "consolidate-patterns",
          p_due_at: "2026-01-01T00:00:00Z",
          p_token: claim.p_token,
          p_lease_seconds: 10,
        }),
        rpc("end_job", { p_name: "consolidate-patterns", p_token: claim.p_token, p_succeeded: true }),
        rpc("job_state", { p_name: "consolidate-patterns" }),
      ]);
      for (const { error } of answers) expect(error).not.toBeNull();
    }
    expect(await unconsolidated()).toBe(5);
    expect(await sql(`select 1 from private.consolidations`)).toEqual([]);
  });
});
