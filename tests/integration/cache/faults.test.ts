import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Cache, CacheEvent, CachePolicy } from "@/server/cache";
import { createCache } from "@/server/cache";
import type { Transport } from "@/tests/support/redis/cache-redis";
import { CacheRedis, TRANSPORTS } from "@/tests/support/redis/cache-redis";
import type { Fault } from "@/tests/support/redis/fault";
import type { RespServer } from "@/tests/support/redis/resp-server";
import type { RestServer } from "@/tests/support/redis/rest-server";
import { CollectingBackground } from "@/tests/unit/cache/collecting-background";

const POLICY: CachePolicy = { ttlMs: 60_000, version: 1 };
const KEYS = ["user", "dreams", "patterns", "sessions", "reflections"];
const READ_TIMEOUT_MS = 50;
/** How long a silent holder of a lease is waited for, plus one poll. */
const LOST_LEASE_MS = 335;
/** How much a busy machine may add. */
const SLACK_MS = 250;

type Break = [string, Fault, string];

const ANYWHERE: Break[] = [
  ["refuses", { kind: "refuse" }, "refused"],
  ["hangs", { kind: "hang" }, "timeout"],
  ["does its work but never answers", { kind: "hang", applied: true }, "timeout"],
  ["answers 500", { kind: "status", status: 500 }, "error-reply"],
  ["takes half a second", { kind: "delay", ms: 500 }, "timeout"],
];

const BREAKS: Record<Transport, Break[]> = {
  upstash: [
    ...ANYWHERE,
    ["answers 429", { kind: "status", status: 429 }, "error-reply"],
    ["answers HTML", { kind: "html" }, "protocol"],
    ["answers half of its JSON", { kind: "truncated" }, "protocol"],
    ["does its work but answers half of its JSON", { kind: "truncated", applied: true }, "protocol"],
    ["answers null", { kind: "nonsense", body: "null" }, "protocol"],
    ["answers something else's JSON", { kind: "nonsense", body: '{"ok":true}' }, "protocol"],
    ["answers a list for one command", { kind: "nonsense", body: "[]" }, "protocol"],
    ["answers text for a list", { kind: "nonsense", body: '{"result":"hello"}' }, "protocol"],
    ["answers too few replies", { kind: "nonsense", body: '{"result":[]}' }, "protocol"],
  ],
  redis: [
    ...ANYWHERE,
    [
      "is loading its data",
      { kind: "error", message: "LOADING Redis is loading the dataset in memory" },
      "error-reply",
    ],
    [
      "has become a replica",
      { kind: "error", message: "READONLY You can't write against a read only replica." },
      "error-reply",
    ],
    ["is full", { kind: "error", message: "OOM command not allowed when used memory > 'maxmemory'." }, "error-reply"],
    ["is no Redis", { kind: "html" }, "refused"],
    ["hangs up in the middle of its answer", { kind: "truncated" }, "refused"],
    ["does its work and hangs up", { kind: "truncated", applied: true }, "refused"],
    ["answers text for a list", { kind: "nonsense", body: "$5\r\nhello\r\n" }, "protocol"],
    ["answers too few replies", { kind: "nonsense", body: "*0\r\n" }, "protocol"],
    ["answers nothing", { kind: "nonsense", body: "$-1\r\n" }, "protocol"],
  ],
};

describe.each(TRANSPORTS)("by %s", (transport) => {
  let redis: CacheRedis<RestServer | RespServer>;
  let background: CollectingBackground;
  let events: CacheEvent[];
  let cache: Cache;
  /** Another process, with long deadlines. */
  let other: Cache;

  beforeAll(async () => {
    redis = await CacheRedis.over(transport);
  });
  afterAll(() => redis.stop());

  beforeEach(async () => {
    background = new CollectingBackground();
    const told: CacheEvent[] = [];
    events = told;
    const observer = (event: CacheEvent) => void told.push(event);
    const store = redis.store({
      readTimeoutMs: READ_TIMEOUT_MS,
      writeTimeoutMs: 200,
      breakerOpenMs: 50,
    });
    cache = createCache({ store, background, observer });
    other = createCache({ store: redis.store(), background });
    await redis.clear();
    await Promise.all(KEYS.map((key) => other.set(key, async () => `${key}: secret of the old value`, POLICY)));
    return async () => {
      redis.server.fault = { kind: "none" };
      redis.server.onRequest = undefined;
      // Requests that are still retried would reach the server during a later test.
      await vi.waitFor(() => expect(cache.health().waitingInvalidations).toBe(0), 10_000);
      await background.idle();
    };
  });

  const load = (key: string) => async () => `${key}: secret of the new value`;
  const readAll = () => Promise.all(KEYS.map((key) => cache.getOrSet(key, load(key), POLICY)));
  const rightValues = KEYS.map((key) => [`${key}: secret of the old value`, `${key}: secret of the new value`]);

  async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
    const begun = performance.now();
    const result = await run();
    return [result, performance.now() - begun];
  }

  async function expectRightAndInTime(): Promise<void> {
    const [reads, ms] = await timed(readAll);
    for (const [index, read] of reads.entries()) expect(rightValues[index]).toContain(read.value);
    expect(ms).toBeLessThan(READ_TIMEOUT_MS + SLACK_MS);
  }

  // Before anything breaks; afterwards a request may use a connection that has been closed.
  test("processes whose clocks are minutes apart agree on ages, leases and fences", async () => {
    const skewed = (ms: number) =>
      createCache({
        store: redis.store(),
        background,
        clock: {
          elapsed: () => performance.now() + ms,
          schedule(delay, task) {
            const timer = setTimeout(task, delay);
            return () => clearTimeout(timer);
          },
        },
      });
    const [ahead, behind] = [skewed(10 * 60_000), skewed(-10 * 60_000)];
    await ahead.invalidate(["dreams"]);
    expect((await ahead.getOrSet("dreams", async () => "v", POLICY)).outcome).toBe("loaded");
    await background.idle();
    const found = await behind.getOrSet("dreams", async () => "other", POLICY);
    expect(found).toMatchObject({ value: "v", outcome: "fresh" });
    expect(found.ageMs).toBeLessThan(5_000);
    await ahead.write(["dreams"], async () => {
      expect((await behind.getOrSet("dreams", async () => "unstored", POLICY)).outcome).toBe("loaded");
      await background.idle();
      expect(await ahead.get("dreams", POLICY)).toBeUndefined();
    });
  });

  describe.each(BREAKS[transport])("while Redis %s", (_, fault, code) => {
    beforeEach(async () => {
      redis.server.fault = fault;
      if (fault.kind === "refuse") await redis.server.refuse();
    });

    const heal = async () => {
      redis.server.fault = { kind: "none" };
      if (fault.kind === "refuse") await redis.server.accept();
    };

    test("every read returns the right data in time, and almost at once while the breaker is open; then it recovers", async () => {
      try {
        for (let round = 0; round < 3; round += 1) await expectRightAndInTime();
        expect(cache.health().breaker).not.toBe("closed");
        expect(events).toContainEqual(expect.objectContaining({ type: "store-failed", operation: "read", code }));

        const times: number[] = [];
        for (let round = 0; round < 30; round += 1) times.push((await timed(readAll))[1]);
        expect(times.sort((a, b) => a - b)[15]).toBeLessThan(READ_TIMEOUT_MS / 2);
      } finally {
        await heal();
      }
      await vi.waitFor(async () => {
        await expectRightAndInTime();
        expect(cache.health().breaker).toBe("closed");
      }, 5_000);
      const states = events.filter((event) => event.type === "breaker").map(({ state }) => state);
      expect(states.slice(0, 2)).toEqual(["open", "half-open"]);
      expect(states.at(-1)).toBe("closed");
    });

    test("cold keys are loaded in time, and after the fault no read waits for a lease that it left behind", async () => {
      await redis.clear();
      try {
        await expectRightAndInTime();
      } finally {
        await heal();
      }
      for (const process of [cache, other]) {
        const [, ms] = await timed(() => Promise.all(KEYS.map((key) => process.getOrSet(key, load(key), POLICY))));
        expect(ms).toBeLessThan(LOST_LEASE_MS + SLACK_MS);
      }
    });

    test("a write succeeds, is read here at once, and reaches the other processes afterwards", async () => {
      const seen = async (process: Cache) => (await process.getOrSet("dreams", async () => "written", POLICY)).value;
      try {
        expect(await cache.write(["dreams"], async () => "done")).toBe("done");
        expect(await seen(cache)).toBe("written");
      } finally {
        await heal();
      }
      await vi.waitFor(async () => {
        expect(await seen(cache)).toBe("written");
        expect(cache.health()).toEqual({ breaker: "closed", waitingInvalidations: 0 });
      }, 10_000);
      expect(await seen(other)).toBe("written");
    });

    test("no event contains a value", async () => {
      try {
        await readAll();
        await cache.set("dreams", async () => "secret of the new value", POLICY);
        await cache.write(["dreams"], async () => {});
      } finally {
        await heal();
      }
      expect(events.length).toBeGreaterThan(0);
      const told = events.map((event) => JSON.stringify(event) + ("error" in event ? String(event.error) : ""));
      expect(told.join("\n")).not.toContain("secret");
    });
  });

  test("while the breaker is open, no read waits for the one probe that may close it", async () => {
    const store = redis.store({ breakerFailures: 1, breakerOpenMs: 1 });
    const impatient = createCache({ store, background });
    const readOnce = () => impatient.getOrSet("dreams", async () => "loaded", POLICY);
    redis.server.fault = { kind: "status", status: 500 };
    await readOnce();
    expect(impatient.health().breaker).toBe("open");

    redis.server.fault = { kind: "none" };
    const release = Promise.withResolvers<void>();
    redis.server.onRequest = () => release.promise;
    redis.server.resetCounters();
    await vi.waitFor(async () => {
      expect((await readOnce()).value).toBe("loaded");
      expect(redis.server.requests).toBe(1);
    }, 5_000);
    for (let round = 0; round < 20; round += 1) expect((await readOnce()).value).toBe("loaded");
    expect(redis.server.requests).toBe(1);
    expect(impatient.health().breaker).toBe("half-open");

    release.resolve();
    redis.server.onRequest = undefined;
    await vi.waitFor(() => expect(impatient.health().breaker).toBe("closed"), 5_000);
  });

  describe("a Redis that loses keys", () => {
    const NAMES = ["1:entry", "1:lease", "stamp", "fence"];
    const evict = (...kinds: string[]) =>
      Promise.all(kinds.map((kind) => redis.call("DEL", `${redis.prefix}{dreams}:${kind}`)));
    const patient = () => createCache({ store: redis.store(), background });

    test.each([...NAMES, "everything"])("evicting %s during a load costs at most the storing", async (what) => {
      const cache = patient();
      await evict("1:entry");
      const read = await cache.getOrSet(
        "dreams",
        async () => {
          await evict(...(what === "everything" ? NAMES : [what]));
          return "v";
        },
        POLICY,
      );
      expect(read.value).toBe("v");
      await background.idle();
      expect((await other.getOrSet("dreams", async () => "v", POLICY)).value).toBe("v");
    });

    test.each([...NAMES, "everything"])("evicting %s during a write leaves nothing stale behind it", async (what) => {
      let database = "old";
      const load = async () => database;
      await patient().write(["dreams"], async () => {
        await evict(...(what === "everything" ? NAMES : [what]));
        await other.getOrSet("dreams", load, POLICY);
        await background.idle();
        database = "new";
      });
      expect((await other.getOrSet("dreams", load, POLICY)).value).toBe("new");
    });

    test("after a restart without data and scripts, it is cold", async () => {
      await redis.server.refuse();
      await redis.clear();
      await redis.call("SCRIPT", "FLUSH");
      await redis.server.accept();
      const cache = patient();
      const readAll = () => Promise.all(KEYS.map((key) => cache.getOrSet(key, load(key), POLICY)));
      const cold = await readAll();
      expect(cold.map(({ outcome }) => outcome)).toEqual(Array(5).fill("loaded"));
      // The client may still use a connection that the restart has closed.
      await vi.waitFor(async () => {
        await background.idle();
        expect((await readAll()).map(({ outcome }) => outcome)).toEqual(Array(5).fill("fresh"));
      }, 5_000);
    });
  });
});
