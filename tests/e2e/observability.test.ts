import { createTRPCClient, httpBatchStreamLink, TRPCClientError } from "@trpc/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionCookie } from "@/server/auth/session-cookie";
import type { ClarifyContext } from "@/server/clarify/sections";
import { SECTION_NAMES } from "@/server/clarify/sections";
import { keepContentOutOfLogs } from "@/server/local/quiet";
import type { AppRouter } from "@/server/router";
import { transformer } from "@/server/trpc/transport";
import type { AppProcess } from "@/tests/support/app-process";
import { startApp } from "@/tests/support/app-process";
import { collect } from "@/tests/support/collect";
import type { FaultProxy } from "@/tests/support/database/fault-proxy";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { TestStack } from "@/tests/support/database/test-stack";
import { startStack } from "@/tests/support/database/test-stack";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import type { OtlpReceiver, ReceivedSpan } from "@/tests/support/otlp-receiver";
import { startOtlpReceiver } from "@/tests/support/otlp-receiver";
import type { Scrape } from "@/tests/support/prometheus";
import { parsePrometheus } from "@/tests/support/prometheus";
import { CacheRedis } from "@/tests/support/redis/cache-redis";

// A process as in production, with all of its dependencies controlled by the test.

const SEED = "zeppelin";
const TOKEN = "metrics-token-of-this-test";
const DATABASE_MS = 70;
const BUILDS = 21;

let stack: TestStack;
let database: FaultProxy;
let redis: CacheRedis;
let model: ModelServer;
let otlp: OtlpReceiver;
let app: AppProcess;
let noa: Person;
let operator: Person;

beforeAll(async () => {
  keepContentOutOfLogs();
  stack = await startStack();
  [database, redis, model, otlp] = await Promise.all([
    startFaultProxy(stack.address.url),
    CacheRedis.start(),
    startModelServer(),
    startOtlpReceiver(),
  ]);
  noa = await createPerson(stack.address, { name: `Noa of the ${SEED}` });
  operator = await createPerson(stack.address);
  app = await startApp({
    LOG_LEVEL: "trace",
    SUPABASE_URL: database.url,
    SUPABASE_PUBLISHABLE_KEY: stack.address.publishableKey,
    SUPABASE_JWT_SECRET: stack.address.jwtSecret,
    UPSTASH_REDIS_REST_URL: redis.server.url,
    UPSTASH_REDIS_REST_TOKEN: redis.server.token,
    ANTHROPIC_API_KEY: "a-model-key",
    ANTHROPIC_BASE_URL: model.url,
    METRICS_TOKEN: TOKEN,
    OPERATOR_IDS: operator.id,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
    OTEL_METRIC_EXPORT_INTERVAL: "500",
  });
});
afterAll(async () => {
  await app?.stop();
  await Promise.all([database.close(), redis.stop(), model.close(), otlp.close()]);
  await stack.stop();
});

/** The cookie of a signed-in person. */
function cookieOf({ accessToken }: Person): string {
  const session = { access_token: accessToken, expires_at: Math.floor(Date.now() / 1_000) + 3_600 };
  return `${sessionCookie(false).name}=base64-${Buffer.from(JSON.stringify(session)).toString("base64url")}`;
}

function clientOf(person: Person) {
  const headers = { cookie: cookieOf(person) };
  const link = httpBatchStreamLink({ url: `${app.url}/api/trpc`, transformer, headers });
  return createTRPCClient<AppRouter>({ links: [link] });
}

const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${app.url}${path}`, { headers });

async function scrape(): Promise<Scrape> {
  const response = await ask("/api/metrics", { authorization: `Bearer ${TOKEN}` });
  expect(response.status).toBe(200);
  return parsePrometheus(await response.text());
}

/** The log lines of the app with this request's id. */
function linesOf(requestId: string): string[] {
  return app
    .output()
    .split("\n")
    .filter((line) => line.includes(`"requestId":"${requestId}"`));
}

describe("a process that has just started", () => {
  it("has built a context before it answers, and has counted nothing", async () => {
    for (const table of ["users", "dreams", "clarify_patterns", "clarify_sessions", "reflections"]) {
      expect(database.count(new RegExp(`^GET /rest/v1/${table}\\?`)), table).toBe(1);
    }
    const { samples } = await scrape();
    const figures = ["context_build_ms_count", "cache_reads_total", "cache_failures_total", "section_load_ms_count"];
    expect(samples.filter(({ name }) => figures.includes(name.replace("clarify_", "")))).toEqual([]);
  });
});

describe("a process under known traffic", () => {
  it("has the exact counts at /api/metrics, and percentiles to within the width of a bucket", async () => {
    const build = (person: Person) => clientOf(person).clarifyContext.get.query({ sessionId: null });
    const isWarm = ({ sections }: ClarifyContext) => sections.every(({ source }) => source === "fresh");
    // The first requests of a process also load its code, and may give up on Redis because of that.
    await expect.poll(async () => isWarm(await build(operator)), { timeout: 30_000 }).toBe(true);

    const before = await scrape();
    const heal = database.inject({ kind: "delay", ms: DATABASE_MS }, /^GET \/rest\/v1\//);
    const built: ClarifyContext[] = [];
    for (let n = 0; n < BUILDS; n += 1) built.push(await build(noa));
    heal();
    const after = await scrape();
    const counted = (name: string, labels = {}) => after.total(name, labels) - before.total(name, labels);

    // Each answer names the sources of its sections. These have to be counted, however busy the machine is.
    const warm = built.filter(isWarm).length;
    expect(warm).toBeGreaterThan(0);
    expect(warm).toBeLessThan(BUILDS);
    expect(counted("clarify_context_build_ms_count", { temperature: "warm" })).toBe(warm);
    expect(counted("clarify_context_build_ms_count", { temperature: "cold" })).toBe(BUILDS - warm);
    expect(counted("clarify_query_parallel_ms_count")).toBe(BUILDS - warm);
    expect(counted("clarify_cache_read_ms_count")).toBe(BUILDS * 5);
    for (const section of SECTION_NAMES) {
      for (const outcome of ["fresh", "loaded"]) {
        const seen = built.flatMap(({ sections }) => sections).filter((each) => each.name === section);
        const expected = seen.filter(({ source }) => source === outcome).length;
        expect(counted("clarify_cache_reads_total", { section, outcome }), `${section} ${outcome}`).toBe(expected);
      }
    }

    const buckets = (name: string) => {
      const earlier = new Map(before.buckets(name).map(({ le, count }) => [le, count]));
      return after.buckets(name).map(({ le, count }) => ({ le, count: count - (earlier.get(le) ?? 0) }));
    };
    // No query can be faster than the added latency.
    expect(buckets("clarify_query_parallel_ms").find(({ le }) => le === 60)?.count).toBe(0);
    const sorted = built.map(({ buildMs }) => buildMs).sort((left, right) => left - right);
    const builds = buckets("clarify_context_build_ms");
    for (const share of [0.5, 0.95, 0.99]) {
      const exact = sorted[Math.ceil(share * BUILDS) - 1] ?? Number.NaN;
      // As `histogram_quantile` does it: the bucket in which the share is reached.
      const reached = builds.findIndex(({ count }) => count >= share * BUILDS);
      expect(exact).toBeLessThanOrEqual(builds[reached]?.le ?? Number.NaN);
      expect(exact).toBeGreaterThan(builds[reached - 1]?.le ?? 0);
    }
  });

  it("sends the same counts over OTLP", async () => {
    const text = await scrape();
    const sent = (name: string) => {
      const { histogram, sum } = otlp.metrics().get(name) ?? {};
      const counts = histogram?.dataPoints.map(({ count }) => count) ?? sum?.dataPoints.map(({ asInt }) => asInt ?? 0);
      return counts?.reduce((all, count) => all + count, 0);
    };
    await otlp.until(() => sent("clarify.context_build_ms") === text.total("clarify_context_build_ms_count"));
    expect(sent("clarify.cache_reads")).toBe(text.total("clarify_cache_reads_total"));
    expect(sent("clarify.section_load_ms")).toBe(text.total("clarify_section_load_ms_count"));
    expect(otlp.refused).toEqual([]);
  });

  it("traces a build from the HTTP request to each load, and a message to its stored reply", async () => {
    const client = clientOf(noa);
    const { id: sessionId } = await client.sessions.create.mutate({});
    const message = { sessionId, id: crypto.randomUUID(), content: `My ${SEED} again` };
    model.otherwise = { kind: "reply", words: ["Your ", SEED, "."] };
    await collect(await client.messages.send.mutate(message));
    const pathOf = (span: ReceivedSpan): string[] => {
      const parent = otlp.spans().find(({ spanId }) => spanId === span.parentSpanId);
      return [...(parent ? pathOf(parent) : []), span.name];
    };
    const paths = () => otlp.spans().map((span) => pathOf(span).join(" > "));
    const seen = (...names: string[]) => paths().some((path) => names.every((name) => path.includes(name)));
    await otlp.until(() => seen("/api/trpc", "message > store reply"));
    await otlp.until(() => seen("/api/trpc", "message > model"));
    expect(seen("/api/trpc", "message > pre-model > context build > cache read")).toBe(true);
    expect(seen("/api/trpc", "context build > section load")).toBe(true);
    expect(otlp.refused).toEqual([]);
    for (const own of [SEED, noa.id, noa.email, noa.accessToken]) expect(otlp.raw()).not.toContain(own);
  });

  it("gives every answer its request's id, which is in its log lines", async () => {
    const headers = { cookie: cookieOf(noa), "x-request-id": "req-of-this-test" };
    const input = encodeURIComponent(JSON.stringify({ sessionId: null }));
    const response = await ask(`/api/trpc/clarifyContext.get?input=${input}`, headers);
    expect(response.headers.get("x-request-id")).toBe("req-of-this-test");
    await response.text();
    await expect.poll(() => linesOf("req-of-this-test").join()).toContain("context built");
    const refused = clientOf(noa).dreams.remove.mutate({ dreamId: crypto.randomUUID() });
    const error = await refused.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(error).toHaveProperty("data.requestId", expect.stringMatching(/^[0-9a-f-]{36}$/));
  });
});

describe("access to the metrics", () => {
  it("needs the token, or a signed-in operator", async () => {
    const status = async (headers: Record<string, string>) => (await ask("/api/metrics", headers)).status;
    expect(await status({})).toBe(401);
    expect(await status({ authorization: "Bearer another-token-of-the-test" })).toBe(401);
    expect(await status({ cookie: cookieOf(noa) })).toBe(401);
    expect(await status({ cookie: cookieOf(operator) })).toBe(200);
  });
});

describe("health", () => {
  const ready = async () => {
    const response = await ask("/api/health/ready", { authorization: `Bearer ${TOKEN}` });
    return { code: response.status, ...(await response.json()) };
  };
  const toStrangers = async () => {
    const response = await ask("/api/health/ready");
    return { code: response.status, says: await response.json() };
  };

  it("is ready when everything works, degraded without Redis, and unavailable without the database; alive throughout", async () => {
    await expect.poll(ready).toMatchObject({ code: 200, status: "ready", model: { kind: "configured" } });

    redis.server.fault = { kind: "status", status: 500 };
    expect(await ready()).toMatchObject({ code: 200, status: "degraded", cache: { kind: "redis", state: "failed" } });
    redis.server.fault = { kind: "none" };
    await expect.poll(ready).toMatchObject({ code: 200, status: "ready" });

    const heal = database.inject({ kind: "refuse" });
    const down = await ready();
    expect(down).toMatchObject({ code: 503, status: "unavailable", database: { state: "failed" } });
    expect(await toStrangers()).toEqual({ code: 503, says: { status: "unavailable" } });
    expect((await ask("/api/health")).status).toBe(200);
    heal();
    const page = database.inject({ kind: "html", status: 200 });
    expect(await ready()).toMatchObject({ code: 503, status: "unavailable" });
    page();
    await expect.poll(ready).toMatchObject({ code: 200, status: "ready" });

    const secrets = [stack.address.jwtSecret, stack.address.publishableKey, redis.server.token, "a-model-key", TOKEN];
    const told = JSON.stringify(down);
    for (const secret of [...secrets, database.url, redis.server.url]) expect(told).not.toContain(secret);
  });
});

describe("the output of the process", () => {
  it("contains nothing that a person wrote, whatever failed", async () => {
    const client = clientOf(noa);
    const { id: sessionId } = await client.sessions.create.mutate({});
    await client.sessions.rename.mutate({ sessionId, title: `The ${SEED}` });
    await client.dreams.create.mutate({ title: `Build a ${SEED}`, description: `Because of the ${SEED}` });
    await client.reflections.create.mutate({ tone: "calm", content: `I saw a ${SEED}` });
    const send = () => {
      const message = { sessionId, id: crypto.randomUUID(), content: `Tell me of the ${SEED}` };
      return client.messages.send.mutate(message).then(collect);
    };
    for (const answer of ["reply", "malformed", "cut"] as const) {
      model.answers.push({ kind: answer, words: [`The ${SEED} flies`] });
      await send().catch(() => undefined);
    }
    const quoting = { code: "XX000", message: `The ${SEED}`, details: `Failing row contains (${SEED})` };
    const heal = database.inject({ kind: "error", body: quoting }, /rest\/v1/);
    await send().catch(() => undefined);
    await client.dreams.create.mutate({ title: `Another ${SEED}` }).catch(() => undefined);
    for (const path of ["/clarify", `/clarify/${sessionId}`]) {
      await (await ask(path, { cookie: cookieOf(noa) })).text();
    }
    heal();
    for (const path of ["/clarify", `/clarify/${sessionId}`]) {
      const page = await ask(path, { cookie: cookieOf(noa) });
      expect(page.status).toBe(200);
      await page.text();
    }
    await ask(`/api/trpc/dreams.list?input=${encodeURIComponent(`{"json":"${SEED}`)}`, { cookie: cookieOf(noa) });

    expect(app.output()).toContain("context built");
    const secrets = [stack.address.jwtSecret, redis.server.token, "a-model-key", TOKEN];
    for (const own of [SEED, noa.id, noa.email, noa.accessToken, ...secrets]) expect(app.output()).not.toContain(own);
  });
});
