import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { upstash } from "@/server/cache/upstash";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import { METRICS } from "@/server/metrics";
import { countRedisRequest, createRedisMetrics } from "@/server/redis";
import { distribution, quantile } from "@/server/telemetry/snapshot";
import { createTelemetry } from "@/server/telemetry/telemetry";
import { collect } from "@/tests/support/collect";
import type { FaultProxy } from "@/tests/support/database/fault-proxy";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { hitRate } from "@/tests/support/hit-rate";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import type { Scrape } from "@/tests/support/prometheus";
import { parsePrometheus } from "@/tests/support/prometheus";
import { CacheRedis } from "@/tests/support/redis/cache-redis";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");
const DATABASE_MS = 60;
const REDIS_MS = 12;
const PEOPLE = 3;
const WARM_BUILDS = 10;

let redis: CacheRedis;
let proxy: FaultProxy;
let model: ModelServer;
beforeAll(async () => {
  [redis, proxy, model] = await Promise.all([CacheRedis.start(), startFaultProxy(stack.url), startModelServer()]);
});
afterAll(() => Promise.all([redis.stop(), proxy.close(), model.close()]));

/** An app process with the latencies to Redis and the database that it has in production. */
function createApp(): TestApp {
  const telemetry = createTelemetry({ metricReaders: [], spanProcessors: [] });
  const metrics = createRedisMetrics(telemetry.meter);
  const { url, token } = redis.server;
  const store = upstash({
    url,
    token,
    prefix: redis.prefix,
    readTimeoutMs: 5_000,
    writeTimeoutMs: 5_000,
    onRequest: (commands) => countRedisRequest(metrics, "cache", commands),
  });
  const voice = createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock: systemClock });
  return createTestApp({ stack: { ...stack, url: proxy.url }, store, telemetry, voice });
}

const scrape = async (app: TestApp): Promise<Scrape> => parsePrometheus(await app.services.telemetry.prometheus());

/** The bounds of the bucket that holds a value. */
function bucketOf(name: "clarify.context_build_ms", value: number): [lower: number, upper: number] {
  const boundaries: readonly number[] = METRICS[name].buckets;
  const upper = boundaries.find((boundary) => value <= boundary) ?? Number.POSITIVE_INFINITY;
  return [boundaries.findLast((boundary) => boundary < value) ?? 0, upper];
}

describe("known traffic", () => {
  it("gives exactly its counts, and percentiles within the width of a bucket", async () => {
    const app = createApp();
    const people: Person[] = [];
    for (let n = 0; n < PEOPLE; n += 1) people.push(await createPerson(stack));
    proxy.inject({ kind: "delay", ms: DATABASE_MS }, /^GET \/rest\/v1\//);
    redis.server.latencyMs = REDIS_MS;
    redis.server.resetCounters();
    const took: number[] = [];
    for (const person of people) {
      took.push((await app.as(person).clarifyContext.get({ sessionId: null })).buildMs);
      await app.backgroundDone();
      for (let n = 0; n < WARM_BUILDS; n += 1) {
        took.push((await app.as(person).clarifyContext.get({ sessionId: null })).buildMs);
      }
    }
    proxy.heal();
    redis.server.latencyMs = 0;
    const { requests, commands } = redis.server;

    const text = await scrape(app);
    const builds = (labels = {}) => text.total("clarify_context_build_ms_count", labels);
    expect(builds({ temperature: "cold" })).toBe(PEOPLE);
    expect(builds({ temperature: "warm" })).toBe(PEOPLE * WARM_BUILDS);
    expect(text.total("clarify_query_parallel_ms_count")).toBe(PEOPLE);
    expect(text.total("clarify_section_load_ms_count", { result: "loaded" })).toBe(PEOPLE * 5);
    expect(text.total("clarify_cache_reads_total")).toBe(PEOPLE * (WARM_BUILDS + 1) * 5);
    for (const section of ["user", "dreams", "patterns", "sessions", "reflections"]) {
      expect(text.total("clarify_cache_reads_total", { section, outcome: "loaded" })).toBe(PEOPLE);
      expect(text.total("clarify_cache_reads_total", { section, outcome: "fresh" })).toBe(PEOPLE * WARM_BUILDS);
    }
    expect(text.total("clarify_cache_read_ms_count")).toBe(PEOPLE * (WARM_BUILDS + 1) * 5);
    expect(text.total("clarify_cache_write_ms_count", { operation: "fill" })).toBe(PEOPLE * 5);
    // A script that Redis does not know yet is sent again in full, which is one more request on both sides.
    expect(text.total("clarify_redis_requests_total", { purpose: "cache" })).toBe(requests);
    expect(text.total("clarify_redis_commands_total", { purpose: "cache" })).toBe(commands);

    const data = await app.services.telemetry.snapshot();
    expect(hitRate(data)).toBeCloseTo(WARM_BUILDS / (WARM_BUILDS + 1));
    const sorted = took.sort((left, right) => left - right);
    for (const share of [0.5, 0.95, 0.99]) {
      const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
      const [lower, upper] = bucketOf("clarify.context_build_ms", exact);
      const all = distribution(data, "clarify.context_build_ms");
      const estimate = all && quantile(all, share);
      expect(estimate).toBeGreaterThanOrEqual(lower);
      expect(estimate).toBeLessThanOrEqual(upper);
    }
    const below = (name: string, le: number) => text.buckets(name).find((bucket) => bucket.le === le)?.count;
    // Nothing can be faster than the added latency.
    expect(below("clarify_query_parallel_ms", 50)).toBe(0);
    expect(below("clarify_section_load_ms", 50)).toBe(0);
    expect(below("clarify_cache_read_ms", 10)).toBe(0);
    expect(below("clarify_cache_write_ms", 10)).toBe(0);
    expect(below("clarify_context_build_ms", 10)).toBe(0);
  });

  it("shows a section that could not be read, and how long the others waited", async () => {
    const app = createApp();
    const person = await createPerson(stack);
    const heal = proxy.inject({ kind: "error" }, /\/rest\/v1\/dreams/);
    const context = await app.as(person).clarifyContext.get({ sessionId: null });
    heal();
    await app.backgroundDone();
    expect(context.sections[1]?.source).toBe("missing");
    const text = await scrape(app);
    expect(text.total("clarify_cache_reads_total", { section: "dreams", outcome: "missing" })).toBe(1);
    expect(text.total("clarify_cache_reads_total", { outcome: "loaded" })).toBe(4);
    expect(text.total("clarify_section_load_ms_count", { section: "dreams", result: "failed" })).toBe(1);
    expect(text.total("clarify_cache_incidents_total", { kind: "load_failed" })).toBe(1);
    expect(text.total("clarify_query_parallel_ms_count")).toBe(1);
  });

  it("counts messages, their waiting times, and every token that is paid for", async () => {
    const app = createApp();
    const person = await createPerson(stack);
    const caller = app.as(person);
    const { id: sessionId } = await caller.sessions.create({});
    const usage = { input_tokens: 7, cache_read_input_tokens: 1_500, cache_creation_input_tokens: 200 };
    const send = async () => {
      const message = { sessionId, id: crypto.randomUUID(), content: "What next?" };
      await collect(await caller.messages.send(message)).finally(() => app.backgroundDone());
    };
    model.answers.push({ kind: "reply", words: ["One ", "two."], usage }, { kind: "reply", words: ["Three."], usage });
    await send();
    await send();
    model.answers.push({ kind: "error", status: 400, type: "invalid_request_error" });
    await expect(send()).rejects.toThrow("couldn't answer this conversation");

    const text = await scrape(app);
    const voice = "model";
    expect(text.total("clarify_pre_model_ms_count", { voice })).toBe(3);
    expect(text.total("clarify_first_token_ms_count", { voice })).toBe(2);
    expect(text.total("clarify_replies_total", { voice, outcome: "complete" })).toBe(2);
    expect(text.total("clarify_replies_total", { voice, outcome: "unspoken" })).toBe(1);
    expect(text.total("clarify_model_failures_total", { purpose: "reply", code: "rejected" })).toBe(1);
    expect(text.total("clarify_limiter_decisions_total", { decision: "admitted" })).toBe(3);
    const tokens = (kind: string) => text.total("clarify_model_tokens_total", { purpose: "reply", kind });
    expect(tokens("input")).toBe(14);
    expect(tokens("output")).toBe(3);
    expect(tokens("cache_read")).toBe(3_000);
    expect(tokens("cache_write")).toBe(400);
  });

  it("shows an open breaker, failed operations, and waiting invalidations", async () => {
    const app = createApp();
    const person = await createPerson(stack);
    const caller = app.as(person);
    await caller.clarifyContext.get({ sessionId: null });
    await app.backgroundDone();
    redis.server.fault = { kind: "status", status: 500 };
    for (let n = 0; n < 4; n += 1) await caller.clarifyContext.get({ sessionId: null });
    await caller.dreams.create({ title: "Learn to sail" });
    const text = await scrape(app);
    expect(text.total("clarify_breaker_state")).toBeGreaterThanOrEqual(1);
    expect(text.total("clarify_invalidations_waiting")).toBe(1);
    expect(text.total("clarify_cache_failures_total", { operation: "read" })).toBeGreaterThan(0);
    expect(text.total("clarify_cache_incidents_total", { kind: "invalidation_queued" })).toBe(1);
    redis.server.fault = { kind: "none" };
  });

  it("never has a person or a conversation in a label", async () => {
    const app = createApp();
    const person = await createPerson(stack, { name: "Noa" });
    const { id: sessionId } = await app.as(person).sessions.create({});
    await collect(await app.as(person).messages.send({ sessionId, id: crypto.randomUUID(), content: "Sailing" }));
    await app.as(person).messages.prewarm({ sessionId });
    await app.backgroundDone();
    const text = await app.services.telemetry.prometheus();
    for (const own of [person.id, sessionId, person.email, "Noa", "Sailing"]) expect(text).not.toContain(own);
    expect(parsePrometheus(text).samples.length).toBeLessThan(2_000);
  });
});
