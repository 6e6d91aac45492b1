import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CachePolicy } from "@/server/cache";
import { createCache } from "@/server/cache";
import type { Script } from "@/server/cache/protocol/scripts";
import { FENCE } from "@/server/cache/protocol/scripts";
import { withKeyLocking } from "@/server/cache/upstash/key-locking";
import { CacheRedis, TRANSPORTS } from "@/tests/support/redis/cache-redis";
import type { Ask } from "@/tests/support/redis/fleet";
import { Fleet } from "@/tests/support/redis/fleet";
import type { RespServer } from "@/tests/support/redis/resp-server";
import type { RestServer, SeenRequest } from "@/tests/support/redis/rest-server";
import { CollectingBackground } from "@/tests/unit/cache/collecting-background";

const HAMMER_MS = Number(process.env.CLARIFY_HAMMER_SECONDS ?? 4) * 1_000;
const KEYS = ["user", "dreams", "patterns", "sessions", "reflections"];
const POLICY: CachePolicy = { ttlMs: 60_000, version: 1 };

describe.each(TRANSPORTS)("by %s", (transport) => {
  let redis: CacheRedis<RestServer | RespServer>;
  let fleet: Fleet;

  beforeAll(async () => {
    redis = await CacheRedis.over(transport);
  });
  afterAll(() => redis.stop());
  afterEach(async () => {
    redis.server.onRequest = undefined;
    await fleet.stop();
    await redis.clear();
  });

  function start(count: number, { fenceMs = 5_000, waitMs = 10_000 } = {}): Promise<Fleet> {
    return Fleet.start(count, {
      address: redis.address,
      fenceMs,
      waitMs,
    });
  }

  const random = (upTo: number) => Math.floor(Math.random() * upTo);

  test("four processes under load never read a value that is older than the last acknowledged write", {
    timeout: HAMMER_MS + 60_000,
  }, async () => {
    fleet = await start(4, { fenceMs: 400, waitMs: 300 });
    // A load's answer is delayed after the database was read, so that many are outdated before they can be stored.
    fleet.database.delay = ({ what }) => sleep(random(what === "load" ? 25 : 10));
    const policy: CachePolicy = { ttlMs: 400, version: 1, failSafeMs: 600, loadHardTimeoutMs: 2_000 };
    const results = await fleet.all<{
      reads: number;
      writes: number;
      unsettled: number;
      outcomes: Record<string, number>;
      violations: string[];
    }>({ name: "hammer", keys: ["one", "two", "three"], policy, forMs: HAMMER_MS });

    const sum = (pick: (result: (typeof results)[number]) => number) =>
      results.reduce((total, result) => total + pick(result), 0);
    const outcomes = ["fresh", "aging", "loaded", "joined", "fallback"].map(
      (outcome) => `${sum((result) => result.outcomes[outcome] ?? 0)} ${outcome}`,
    );
    console.info(
      `Hammer, ${HAMMER_MS / 1_000} s over ${redis.redis.kind} Redis: ${sum(({ reads }) => reads)} reads checked ` +
        `(${outcomes.join(", ")}) against ${sum(({ writes }) => writes)} writes, ${sum(({ unsettled }) => unsettled)} unsettled`,
    );
    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
    expect(sum(({ reads }) => reads)).toBeGreaterThan(100);
    expect(sum(({ writes }) => writes)).toBeGreaterThan(10);
  });

  test("herd: 4 processes × 50 simultaneous cold reads load each section exactly once", async () => {
    fleet = await start(4);
    const { loads } = fleet.database;
    // Delayed until every process has asked, and for a while after.
    fleet.database.delay = () => sleep(100);
    const reads = await fleet.all<{ value: number; outcome: string }[]>({
      name: "read",
      keys: KEYS,
      policy: POLICY,
      times: 50,
    });
    expect(reads.flat()).toHaveLength(4 * 50 * KEYS.length);
    expect(Object.fromEntries(loads)).toEqual(Object.fromEntries(KEYS.map((key) => [key, 1])));
    expect(reads.flat().filter(({ outcome }) => outcome === "loaded")).toHaveLength(KEYS.length);
  });

  describe("a process that is killed", () => {
    const background = new CollectingBackground();
    const survivor = (waitMs: number) => createCache({ store: redis.store(), background, waitMs });

    /** Until the process sends this to its database. */
    const asked = (what: Ask["what"]) =>
      new Promise<void>((resolve) => {
        fleet.database.delay = (ask) => {
          if (ask.what !== what) return undefined;
          resolve();
          return new Promise(() => {});
        };
      });

    /** Until Redis has received this script. */
    const received = (script: Script) =>
      new Promise<void>((resolve) => {
        redis.server.onRequest = ({ commands }: SeenRequest) => {
          const { sha } = transport === "upstash" ? withKeyLocking(script) : script;
          if (commands.some((command) => command.includes(sha))) resolve();
          return undefined;
        };
      });

    test("while loading leaves a lease that the next reader takes over and stores under", async () => {
      fleet = await start(1);
      const loading = asked("load");
      void fleet.process(0).run({ name: "read", keys: ["dreams"], policy: POLICY, times: 1 });
      await loading;
      await fleet.process(0).kill();

      const cache = survivor(5_000);
      expect(await cache.getOrSet("dreams", async () => "own", POLICY)).toMatchObject({
        value: "own",
        outcome: "loaded",
      });
      await background.idle();
      expect(await cache.get("dreams", POLICY)).toMatchObject({ value: "own" });
    });

    test.each(["before", "after"])(
      "while filling, %s a write of another process, stores nothing stale",
      async (when) => {
        fleet = await start(1);
        const filling = Promise.withResolvers<void>();
        const arrives = Promise.withResolvers<void>();
        redis.server.onRequest = ({ commands }: SeenRequest) => {
          if (!commands.some((command) => command.some((part) => String(part).includes('"json":0')))) return undefined;
          filling.resolve();
          return arrives.promise;
        };
        void fleet.process(0).run({ name: "read", keys: ["dreams"], policy: POLICY, times: 1 });
        await filling.promise;
        await fleet.process(0).kill();

        const cache = survivor(50);
        if (when === "before") arrives.resolve();
        await cache.write(["dreams"], async () => {});
        arrives.resolve();
        expect((await cache.getOrSet("dreams", async () => 1, POLICY)).value).toBe(1);
        await background.idle();
        expect((await survivor(50).getOrSet("dreams", async () => 1, POLICY)).value).toBe(1);
      },
    );

    test.each([true, false])(
      "inside a write that waits for its fence: %s, after its commit, leaves nothing stale behind",
      async (waitForFence) => {
        const cache = survivor(50);
        await cache.getOrSet("dreams", async () => 0, POLICY);
        await background.idle();
        fleet = await start(1);
        const committed = asked("commit");
        const fenced = received(FENCE);
        void fleet.process(0).run({ name: "write", keys: ["dreams"], options: { waitForFence } });
        await Promise.all([committed, fenced]);
        await fleet.process(0).kill();

        const load = async () => 1;
        expect(await cache.getOrSet("dreams", load, POLICY)).toMatchObject({ value: 1, outcome: "loaded" });
        await background.idle();
        expect(await cache.get("dreams", POLICY)).toBeUndefined();
        await redis.advance(5_000);
        await cache.getOrSet("dreams", load, POLICY);
        await background.idle();
        expect(await cache.get("dreams", POLICY)).toMatchObject({ value: 1 });
      },
    );
  });
});
