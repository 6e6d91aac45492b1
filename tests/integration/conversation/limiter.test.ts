import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { redisScripts } from "@/server/cache/redis";
import { upstashScripts } from "@/server/cache/upstash";
import type { MessageLimiter } from "@/server/limits/message-limiter";
import { createMemoryLimiter, createRedisLimiter } from "@/server/limits/message-limiter";
import { countDecisions, createLimiterMetrics } from "@/server/limits/metrics";
import { createLogger } from "@/server/telemetry/logger";
import { total } from "@/server/telemetry/snapshot";
import { createTelemetry } from "@/server/telemetry/telemetry";
import { CacheRedis, TRANSPORTS } from "@/tests/support/redis/cache-redis";
import type { RedisExecutor } from "@/tests/support/redis/executor";
import type { Fault } from "@/tests/support/redis/fault";
import { likeUpstash } from "@/tests/support/redis/like-upstash";
import { RestServer } from "@/tests/support/redis/rest-server";
import { standInRedis } from "@/tests/support/redis/stand-in-redis";

const PER_MINUTE = 3;
const clock = { now: () => Date.now() };
/** The middle of a minute, so that no test reaches the next one by accident. */
const HALF_PAST = Date.UTC(2026, 10, 23, 12, 0, 30);

/** Runs scripts in a real Lua, with a clock that stands still. */
let redis: RedisExecutor;
let server: RestServer;
let lines: string[];
let person: string;
const logger = createLogger("warn", { destination: { write: (line) => void lines.push(line) } });
/** With a long deadline by default, because test machines are busy. */
const newRedisLimiter = (timeoutMs = 5_000) =>
  createRedisLimiter({
    scripts: upstashScripts({ url: server.url, token: server.token, timeoutMs }),
    perMinute: PER_MINUTE,
    clock,
    logger,
  });

beforeAll(async () => {
  redis = await standInRedis();
  server = await RestServer.start({ executor: likeUpstash(redis) });
});
afterAll(async () => {
  await server.close();
  await redis.close();
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: HALF_PAST });
  person = `test-${randomUUID()}`;
  lines = [];
  return async () => {
    vi.useRealTimers();
    server.fault = { kind: "none" };
    server.onRequest = undefined;
  };
});

async function takeAll(limiter: MessageLimiter): Promise<void> {
  for (let n = 0; n < PER_MINUTE; n += 1) expect(await limiter.take(person, "message")).toEqual({ admitted: true });
}

describe("the limiter in Redis", () => {
  it("admits a number of messages a minute, and returns how long to wait for the next", async () => {
    const limiter = newRedisLimiter();
    await takeAll(limiter);
    expect(await limiter.take(person, "message")).toEqual({ admitted: false, retryAfterMs: 20_000 });
    expect(await limiter.take(`test-${randomUUID()}`, "message")).toEqual({ admitted: true });
    expect(lines).toEqual([]);
  });

  it("counts the messages of several processes together", async () => {
    await takeAll(newRedisLimiter());
    expect(await newRedisLimiter().take(person, "message")).toMatchObject({ admitted: false });
  });

  it("counts but does not delay a person who has half of their messages left", async () => {
    const limiter = newRedisLimiter();
    expect(await limiter.take(person, "message")).toEqual({ admitted: true });
    const arrives = Promise.withResolvers<void>();
    server.onRequest = () => arrives.promise;
    expect(await limiter.take(person, "message")).toEqual({ admitted: true });
    const third = limiter.take(person, "message");
    arrives.resolve();
    expect(await third).toEqual({ admitted: true });
    expect(await limiter.take(person, "message")).toMatchObject({ admitted: false });
  });

  it("admits one message too many for a process that knows nothing of the others, and no second", async () => {
    const [here, there] = [newRedisLimiter(), newRedisLimiter()];
    await here.take(person, "message");
    for (let n = 1; n < PER_MINUTE; n += 1) expect(await there.take(person, "message")).toEqual({ admitted: true });
    expect(await here.take(person, "message")).toEqual({ admitted: true });
    expect(await here.take(person, "message")).toMatchObject({ admitted: false });
  });

  it("admits a message when the returned waiting time is over", async () => {
    const limiter = newRedisLimiter();
    await takeAll(limiter);
    const refused = await limiter.take(person, "message");
    vi.setSystemTime(HALF_PAST + (refused.admitted ? 0 : refused.retryAfterMs) + 1_000);
    expect(await limiter.take(person, "message")).toEqual({ admitted: true });
  });

  it("leaves nothing that does not expire", async () => {
    await takeAll(newRedisLimiter());
    const keys = (await redis.call(["KEYS", `limit:message:${person}*`])) as string[];
    expect(keys).toHaveLength(1);
    for (const key of keys) expect(Number(await redis.call(["PTTL", key]))).toBeLessThanOrEqual(61_000);
  });

  it.each<[string, Fault, string]>([
    ["hangs", { kind: "hang" }, "failed_timeout"],
    ["is slow", { kind: "delay", ms: 5_000 }, "failed_timeout"],
    ["fails", { kind: "status", status: 500 }, "failed_error"],
    ["answers nonsense", { kind: "html" }, "failed_error"],
  ])("counts alone when Redis %s, soon, and says so", async (_what, fault, failure) => {
    const { meter, snapshot } = createTelemetry({ metricReaders: [], spanProcessors: [] });
    const metrics = createLimiterMetrics(meter);
    await takeAll(countDecisions(newRedisLimiter(), metrics));
    const limiter = countDecisions(newRedisLimiter(50), metrics);
    server.fault = fault;
    server.resetCounters();
    const begun = performance.now();
    expect(await limiter.take(person, "message")).toEqual({ admitted: true, failure });
    expect(performance.now() - begun).toBeLessThan(500);
    expect(server.requests).toBe(1);

    const figures = await snapshot();
    expect(total(figures, "clarify.limiter_decisions", { decision: failure })).toBe(1);
    expect(total(figures, "clarify.limiter_decisions", { decision: "admitted" })).toBe(PER_MINUTE);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(person);
  });

  it.each<[string, Fault]>([
    ["hangs", { kind: "hang" }],
    ["fails", { kind: "status", status: 500 }],
  ])("is not opened by a burst while Redis %s: the process's own count holds", async (_what, fault) => {
    const limiter = newRedisLimiter(50);
    server.fault = fault;
    const answers = await Promise.all(Array.from({ length: 400 }, () => limiter.take(person, "message")));
    expect(answers.filter(({ admitted }) => admitted)).toHaveLength(PER_MINUTE);
  });

  it("is not opened by a burst that slows Redis down", async () => {
    const limiter = newRedisLimiter();
    const answers = await Promise.all(Array.from({ length: 400 }, () => limiter.take(person, "message")));
    expect(answers.filter(({ admitted }) => admitted)).toHaveLength(PER_MINUTE);
  });

  it("counts prompts that are sent ahead separately from messages", async () => {
    const limiter = newRedisLimiter();
    await takeAll(limiter);
    expect(await limiter.take(person, "prewarm")).toEqual({ admitted: true });
  });

  it("counts alone when Redis refuses the connection, and together again when it is back", async () => {
    const limiter = newRedisLimiter();
    await takeAll(newRedisLimiter());
    await server.refuse();
    expect(await limiter.take(person, "message")).toEqual({ admitted: true, failure: "failed_error" });
    await server.accept();
    expect(await limiter.take(person, "message")).toMatchObject({ admitted: false });
  });
});

describe.each(TRANSPORTS)("the limiter by %s, in whichever Redis there is", (transport) => {
  it("counts the messages of several processes together", async () => {
    vi.useRealTimers();
    const shared = await CacheRedis.over(transport);
    const { address } = shared;
    const limiter = () => {
      const scripts =
        address.transport === "redis"
          ? redisScripts({ url: address.url, timeoutMs: 5_000 })
          : upstashScripts({ url: address.url, token: address.token, timeoutMs: 5_000 });
      return createRedisLimiter({ scripts, perMinute: PER_MINUTE, clock, logger, prefix: address.prefix });
    };
    await takeAll(limiter());
    expect(await limiter().take(person, "message")).toMatchObject({ admitted: false });
    expect(lines).toEqual([]);
    await shared.stop();
  });
});

describe("whatever the order of messages, processes and faults of Redis", () => {
  const LIMIT = 10;
  const step = fc.record({
    process: fc.nat({ max: 2 }),
    /** How many messages are sent at once. */
    burst: fc.integer({ min: 1, max: 8 }),
    redis: fc.constantFrom<Fault["kind"]>("none", "none", "none", "hang", "status"),
  });
  const faultOf = (kind: Fault["kind"]): Fault =>
    kind === "status" ? { kind, status: 500 } : { kind: kind as "none" | "hang" };
  const processes = (timeoutMs: number) =>
    Array.from({ length: 3 }, () => {
      const scripts = upstashScripts({ url: server.url, token: server.token, timeoutMs });
      return createRedisLimiter({ scripts, perMinute: LIMIT, clock, logger });
    });

  it("a person gets at most one message too many from each further process (property)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        person = `test-${randomUUID()}`;
        const limiters = processes(5_000);
        let admitted = 0;
        for (const { process, burst } of steps) {
          const taking = Array.from({ length: burst }, () => limiters[process]?.take(person, "message"));
          admitted += (await Promise.all(taking)).filter((answer) => answer?.admitted).length;
        }
        expect(admitted).toBeLessThanOrEqual(LIMIT + limiters.length - 1);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it("a person never gets more than each process admits alone, while Redis fails now and then (property)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        person = `test-${randomUUID()}`;
        const limiters = processes(40);
        const admitted = limiters.map(() => 0);
        for (const { process, burst, redis: kind } of steps) {
          server.fault = faultOf(kind);
          const taking = Array.from({ length: burst }, () => limiters[process]?.take(person, "message"));
          admitted[process] =
            (admitted[process] ?? 0) + (await Promise.all(taking)).filter((answer) => answer?.admitted).length;
        }
        for (const count of admitted) expect(count).toBeLessThanOrEqual(LIMIT);
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});

describe("the limiter in one process", () => {
  it("returns the time until one more is gained instead of a minute", async () => {
    const at = (second: number) => void vi.setSystemTime(Date.UTC(2026, 10, 23, 12, 0, second));
    const limiter = createMemoryLimiter({ perMinute: 10, clock });
    at(55);
    for (let n = 0; n < 10; n += 1) expect(await limiter.take(person, "message")).toEqual({ admitted: true });
    expect(await limiter.take(person, "message")).toEqual({ admitted: false, retryAfterMs: 6_000 });
    at(62);
    expect(await limiter.take(person, "message")).toEqual({ admitted: true });
    at(63);
    expect(await limiter.take(person, "message")).toEqual({ admitted: false, retryAfterMs: 4_000 });
    at(67);
    expect(await limiter.take(person, "message")).toEqual({ admitted: true });
  });

  it("admits a number of messages a minute, and returns how long to wait for the next", async () => {
    const limiter = createMemoryLimiter({ perMinute: PER_MINUTE, clock });
    await takeAll(limiter);
    vi.setSystemTime(HALF_PAST + 19_000);
    expect(await limiter.take(person, "message")).toEqual({ admitted: false, retryAfterMs: 1_000 });
    expect(await limiter.take(`test-${randomUUID()}`, "message")).toEqual({ admitted: true });
  });

  it("admits a message when the returned waiting time is over", async () => {
    const limiter = createMemoryLimiter({ perMinute: PER_MINUTE, clock });
    await takeAll(limiter);
    vi.setSystemTime(HALF_PAST + 20_001);
    expect(await limiter.take(person, "message")).toEqual({ admitted: true });
  });
});
