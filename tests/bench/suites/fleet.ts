import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { acrossProcesses, figuresBetween, toSnapshot } from "@/server/insights/figures";
import type { MetricsSnapshot } from "@/server/telemetry/snapshot";
import { distribution, quantile } from "@/server/telemetry/snapshot";
import { collect } from "@/tests/support/collect";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { hitRate } from "@/tests/support/hit-rate";
import { createHttpClient } from "@/tests/support/http-client";
import type { AppFigures, FromApp, FromStack } from "../fleet/messages";
import type { Random } from "../people/behaviour";
import { randomFrom } from "../people/behaviour";
import type { Row } from "../report";
import { round } from "../report";
import type { SuiteOptions } from "../suite";

const PROCESSES = 2;
/** With 120 of them two processors are busy all the time, and everything waits. */
const PEOPLE = 80;
/** As many as show that the suite runs. */
const QUICK_PEOPLE = 4;
/** People think for a second, and not for a minute, so that a few of them are as much work as thousands. */
const THINKING_MS = 1_000;
const MESSAGES_A_CONVERSATION = 5;
const EDITS = 0.1;
const HEAP_MB = 384;
const SAMPLE_EVERY_MS = 2_000;
const DURATIONS = ["context_build_ms", "query_parallel_ms", "pre_model_ms", "first_token_ms"] as const;

/**
 * Two processes of the app over a real Redis and a real PostgreSQL, and people who open conversations, think, write, read
 * the replies and edit their dreams, each call at either process: five minutes after half a minute of warm-up.
 */
export async function fleetSuite({ backend, quick }: SuiteOptions): Promise<Row[]> {
  const { redisServerUrl } = backend.address;
  if (redisServerUrl === null) throw new Error("The suite fleet needs a redis-server.");
  const [warmUpMs, runMs] = quick ? [5_000, 6_000] : [30_000, 300_000];
  const stack = await startWorker<FromStack>("stack-worker", {
    DATABASE_URL: process.env.DATABASE_URL ?? "postgres://root@127.0.0.1:5432/postgres",
  });
  const { address } = stack.first;
  const apps = await Promise.all(
    Array.from({ length: PROCESSES }, () =>
      startWorker<FromApp>("app-worker", {
        NODE_ENV: "production",
        // As in a small container. Without a limit Node.js lets garbage lie as long as the machine has memory.
        NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
        LOG_LEVEL: "silent",
        SUPABASE_URL: address.url,
        SUPABASE_PUBLISHABLE_KEY: address.publishableKey,
        SUPABASE_JWT_SECRET: address.jwtSecret,
        REDIS_URL: redisServerUrl,
        MESSAGES_PER_MINUTE: "100000",
        TOKENS_PER_DAY: "0",
      }),
    ),
  );
  const urls = apps.map(({ first }) => ("url" in first ? first.url : ""));
  const people = await Promise.all(Array.from({ length: quick ? QUICK_PEOPLE : PEOPLE }, () => createPerson(address)));

  const run: Run = { urls, until: performance.now() + warmUpMs + runMs, messages: 0, calls: 0, errors: 0 };
  // One after the other, as people come.
  const lives = people.map(async (person, index) => {
    await sleep((warmUpMs / people.length) * index * 0.5);
    await live(person, randomFrom(index + 1), run);
  });
  await sleep(warmUpMs);
  const processes = apps.map(({ child }) => child);
  const before = await Promise.all(processes.map(figuresOf));
  const counted = { messages: run.messages, calls: run.calls, errors: run.errors };
  const begun = performance.now();
  const samples: AppFigures[][] = [];
  while (performance.now() < run.until) {
    await sleep(SAMPLE_EVERY_MS);
    samples.push(await Promise.all(processes.map(figuresOf)));
  }
  await Promise.all(lives);
  const seconds = (performance.now() - begun) / 1_000;
  const after = await Promise.all(processes.map(figuresOf));
  for (const { child } of [...apps, stack]) child.disconnect();
  await once(stack.child, "exit");

  const between = after.map(({ metrics }, index) => figuresBetween(before[index]?.metrics, metrics));
  const metrics = toSnapshot(acrossProcesses(between));
  const errors = run.errors - counted.errors;
  return [
    row("messages_per_s", run.messages, (run.messages - counted.messages) / seconds),
    row("calls_per_s", run.calls, (run.calls - counted.calls) / seconds),
    row("error_rate", run.calls, errors / Math.max(1, run.calls - counted.calls)),
    row("hit_rate", run.calls, hitRate(metrics) ?? 0),
    row("warm_messages", run.messages, warmShare(metrics)),
    ...DURATIONS.flatMap((name) => {
      const recorded = distribution(metrics, `clarify.${name}`);
      if (recorded === undefined) return [];
      const [p50 = 0, p95 = 0, p99 = 0, max = 0] = [0.5, 0.95, 0.99, 1].map((share) => quantile(recorded, share));
      const timings = { n: recorded.count, p50: round(p50), p95: round(p95), max: round(max) };
      return [
        { suite: "fleet", subject: "clarify", metric: name, ...timings },
        row(name.replace(/_ms$/, "_p99_ms"), recorded.count, p99),
      ];
    }),
    row("loop_delay_p99_ms", samples.length, Math.max(...samples.flat().map(({ loopDelayMs }) => loopDelayMs.p99))),
    ...memory(samples),
  ];
}

/** The share of the messages that found every section of their context in the cache. */
function warmShare(metrics: MetricsSnapshot): number {
  const [warm, all] = [{ temperature: "warm" }, {}].map(
    (labels) => distribution(metrics, "clarify.pre_model_ms", labels)?.count ?? 0,
  );
  return (warm ?? 0) / Math.max(1, all ?? 0);
}

/** The memory of all processes, and how much it changed over the last three fifths of the time, as a share. */
function memory(samples: readonly AppFigures[][]): Row[] {
  const totals = samples.map((processes) => processes.reduce((sum, { rssMb }) => sum + rssMb, 0));
  const late = totals.slice(Math.floor(totals.length * 0.4));
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const third = Math.max(1, Math.floor(late.length / 3));
  const drift = (mean(late.slice(-third)) - mean(late.slice(0, third))) / mean(late);
  return [row("rss_mb", totals.length, mean(late)), row("rss_drift", late.length, drift)];
}

interface Run {
  urls: readonly string[];
  /** When everybody goes, on the clock of `performance.now()`. */
  until: number;
  messages: number;
  calls: number;
  errors: number;
}

async function live(person: Person, random: Random, run: Run): Promise<void> {
  const clients = run.urls.map((url) => createHttpClient(url, person));
  const anyProcess = () => {
    const client = clients[Math.floor(random() * clients.length)];
    if (client === undefined) throw new Error("There is no process");
    return client;
  };
  async function call<T>(procedure: () => Promise<T>): Promise<T | undefined> {
    run.calls += 1;
    try {
      return await procedure();
    } catch {
      run.errors += 1;
      return undefined;
    }
  }

  const dream = await call(() => anyProcess().dreams.create.mutate({ title: "A boat of my own" }));
  while (performance.now() < run.until) {
    const sessionId = crypto.randomUUID();
    await call(() => anyProcess().sessions.create.mutate({ id: sessionId }));
    for (let message = 0; message < MESSAGES_A_CONVERSATION && performance.now() < run.until; message += 1) {
      await call(() => anyProcess().clarifyContext.get.query({ sessionId }));
      await sleep(-Math.log(1 - random()) * THINKING_MS);
      if (dream !== undefined && random() < EDITS) {
        const title = `A boat of my own, thought of ${message} times`;
        await call(() => anyProcess().dreams.update.mutate({ dreamId: dream.id, title }));
        await call(() => anyProcess().clarifyContext.get.query({ sessionId }));
      }
      const sent = { sessionId, id: crypto.randomUUID(), content: "The sea again, and what it has to do with me." };
      const reply = await call(async () => collect(await anyProcess().messages.send.mutate(sent)));
      if (reply !== undefined) run.messages += 1;
    }
  }
}

interface Worker<Message> {
  child: ChildProcess;
  /** What it said when it was ready. */
  first: Message;
}

async function startWorker<Message>(name: string, env: Record<string, string>): Promise<Worker<Message>> {
  const child = fork(fileURLToPath(new URL(`../fleet/${name}.ts`, import.meta.url)), {
    env: { ...process.env, ...env },
  });
  return { child, first: await answer<Message>(child) };
}

async function figuresOf(child: ChildProcess): Promise<AppFigures> {
  const answered = answer<FromApp>(child);
  child.send("figures");
  const message = await answered;
  if (!("figures" in message)) throw new Error("The app answered without figures");
  return message.figures;
}

/** The next message. A process that ends fails the suite. */
async function answer<Message>(child: ChildProcess): Promise<Message> {
  const heard = new AbortController();
  const { signal } = heard;
  const died = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`A process of the fleet ended with code ${code}`);
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal }), died]);
    return message;
  } finally {
    died.catch(() => undefined);
    heard.abort();
  }
}

function row(metric: string, n: number, value: number): Row {
  return { suite: "fleet", subject: "clarify", metric, n, value: round(value) };
}
