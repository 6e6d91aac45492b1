import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { upstash } from "@/server/cache/upstash";
import { systemClock } from "@/server/clock";
import { createOfflineVoice } from "@/server/conversation/offline-voice";
import type { Voice } from "@/server/conversation/voice";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { RunSql } from "@/tests/support/database/sql";
import { createSqlClient } from "@/tests/support/database/sql";
import type { StackAddress } from "@/tests/support/database/test-stack";
import { startStack } from "@/tests/support/database/test-stack";
import { UNRELATED } from "@/tests/support/related/everyday";
import { ITEMS, QUESTIONS, recallAt3 } from "@/tests/support/related/labelled";
import { findRelated, seedItems } from "@/tests/support/related/seed";
import { createTestApp } from "@/tests/support/test-app";
import type { Row } from "../report";
import { round, timings } from "../report";
import type { SuiteOptions } from "../suite";

const SUITE = "related";
const MANY_MESSAGES = 20_000;

/**
 * Older items that are found for a message, in a real database (PostgreSQL at DATABASE_URL, else the embedded one): how
 * many of the labelled ones, and what that adds to the wait for the model, for a person with the 400 labelled items and
 * for one with 20,000 messages. `without` sends the same messages and does not search; `latest-three` is the three
 * newest items, whatever the message says.
 */
export async function relatedSuite(options: SuiteOptions): Promise<Row[]> {
  const { backend, latency, quick } = options;
  await backend.tell({ do: "latency", ...latency });
  const stack = await startStack();
  const sql = createSqlClient(stack.address);
  const rows: Row[] = [];
  const person = await createPerson(stack.address);
  const sessionId = await seedItems(sql, person.id);
  rows.push(...(await qualityRows(sql, { userId: person.id, sessionId })));
  rows.push(...(await timeRows("400-items", { ...options, stack: stack.address, person, sessionId })));
  const writer = await createPerson(stack.address);
  const asking = await seedMany(sql, writer.id, quick ? 1_000 : MANY_MESSAGES);
  rows.push(
    ...(await timeRows(quick ? "1000-messages" : "20000-messages", {
      ...options,
      stack: stack.address,
      person: writer,
      sessionId: asking,
    })),
  );
  await stack.stop();
  return rows;
}

async function qualityRows(sql: RunSql, asking: { userId: string; sessionId: string }): Promise<Row[]> {
  const found: string[][] = [];
  for (const { asks } of QUESTIONS) found.push((await findRelated(sql, { ...asking, asks })).map(({ id }) => id));
  const unasked: string[][] = [];
  for (const asks of UNRELATED) unasked.push((await findRelated(sql, { ...asking, asks })).map(({ id }) => id));
  const latest = QUESTIONS.map(() => ITEMS.slice(0, 3).map(({ id }) => id));
  const right = QUESTIONS.flatMap(({ about }, n) => found[n]?.filter((id) => about.includes(id)) ?? []).length;
  return [
    row("clarify", "recall_at_3", { n: QUESTIONS.length, value: round(recallAt3(found)) }),
    row("latest-three", "recall_at_3", { n: QUESTIONS.length, value: round(recallAt3(latest)) }),
    row("clarify", "precision_at_3", { n: found.flat().length, value: round(right / found.flat().length) }),
    row("clarify", "found_for_unrelated", {
      n: UNRELATED.length,
      value: round(unasked.filter((ids) => ids.length > 0).length / UNRELATED.length),
    }),
  ];
}

interface Asking extends SuiteOptions {
  stack: StackAddress;
  person: Person;
  sessionId: string;
}

/** The wait for the model with the search and without, by turns, each in a conversation of its own. */
async function timeRows(of: string, { backend, latency, quick, stack, person, sessionId }: Asking): Promise<Row[]> {
  const { redisUrl: url, redisToken: token } = backend.address;
  let searching = true;
  let requests = 0;
  let answeredMs: number[] = [];
  const databaseFetch: typeof fetch = async (input, init) => {
    requests += 1;
    const begins = String(input).endsWith("/rpc/begin_message");
    const call =
      begins && !searching
        ? { ...init, body: String(init?.body).replace(/"p_related_limit":\d+/, '"p_related_limit":0') }
        : init;
    await sleep(latency.databaseMs);
    const sentAt = performance.now();
    const response = await fetch(input, call);
    if (begins) answeredMs.push(performance.now() - sentAt);
    return response;
  };
  let calledAt = 0;
  const offline = createOfflineVoice({ pause: async () => undefined });
  const voice: Voice = {
    ...offline,
    reply(request) {
      calledAt = performance.now();
      return offline.reply(request);
    },
  };
  const app = createTestApp({
    stack,
    voice,
    databaseFetch,
    clock: systemClock,
    store: upstash({ url, token }),
    messagesPerMinute: 1_000_000,
  });
  const caller = app.as(person);
  const figures = {
    clarify: { preModel: [] as number[], begin: [] as number[], requests: 0 },
    without: { preModel: [] as number[], begin: [] as number[], requests: 0 },
  };
  const rounds = quick ? 3 : 60;
  for (let n = -2; n < rounds; n += 1) {
    for (const subject of ["clarify", "without"] as const) {
      searching = subject === "clarify";
      await caller.clarifyContext.get({ sessionId });
      await app.backgroundDone();
      [requests, answeredMs] = [0, []];
      const content = QUESTIONS[(n + QUESTIONS.length) % QUESTIONS.length]?.asks ?? "";
      const sentAt = performance.now();
      const events = await caller.messages.send({ sessionId, id: randomUUID(), content, timeZone: "UTC" });
      for await (const _event of events);
      const preModel = calledAt - sentAt;
      await app.backgroundDone();
      // The first two compile the code and plan the statements.
      if (n < 0) continue;
      figures[subject].preModel.push(preModel);
      figures[subject].begin.push(...answeredMs);
      figures[subject].requests += requests;
    }
  }
  return Object.entries(figures).flatMap(([subject, { preModel, begin, requests: count }]) => [
    row(`${subject}, ${of}`, "pre_model_ms", timings(preModel)),
    row(`${subject}, ${of}`, "begin_message_ms", timings(begin)),
    row(`${subject}, ${of}`, "database_requests", { n: rounds, value: round(count / rounds) }),
  ]);
}

/** Gives a person this many messages, each of two of the labelled texts. Returns the conversation in which they ask. */
async function seedMany(sql: RunSql, userId: string, count: number): Promise<string> {
  const [earlier, now] = [randomUUID(), randomUUID()];
  await sql("insert into public.clarify_sessions (id, user_id) values ($1, $3), ($2, $3)", [earlier, now, userId]);
  await sql(
    `insert into public.clarify_messages (id, user_id, session_id, role, content, created_at)
     select gen_random_uuid(), $1, $2, 'user', texts.all[1 + (n * 7919) % 400] || ' ' || texts.all[1 + (n * 104729 + n / 400) % 400],
       now() - n * interval '1 hour'
     from generate_series(1, $3::integer) as n, (select array_agg(text) as all from jsonb_array_elements_text($4::text::jsonb) as text) as texts`,
    [userId, earlier, count, JSON.stringify(ITEMS.map(({ text }) => text))],
  );
  await sql("analyze");
  return now;
}

type Figures = { n: number } & ({ p50: number; p95: number; max: number } | { value: number });

function row(subject: string, metric: string, figures: Figures): Row {
  return { suite: SUITE, subject, metric, ...figures };
}
