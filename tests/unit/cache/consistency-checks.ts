import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Cache, CacheEvent, CachePolicy, CacheStore } from "@/server/cache";
import { createCache } from "@/server/cache";
import { ManualClock, settle } from "@/server/cache/testing";
import { CollectingBackground } from "./collecting-background";
import { FaultyStore } from "./faulty-store";
import type { StoreHarness } from "./store-contract";

const POLICY: CachePolicy = { ttlMs: 60_000, version: 1 };
/** How late a report of a write may be. */
const PATIENCE_MS = 10_000;

/** Which reads are compared, and which differences count as inconsistent. */
export function consistencyChecks(name: string, start: () => Promise<StoreHarness>): void {
  describe(`${name}: checks of what was served`, () => {
    let store: FaultyStore;
    let clock: ManualClock;
    let background: CollectingBackground;
    let events: CacheEvent[];
    let cache: Cache;
    let database: { title: string; at: Date };
    let loads: number;
    /** Loads wait for this. */
    let query: Promise<void> | undefined;

    const load = async () => {
      loads += 1;
      await query;
      return database;
    };
    const open = (inner: CacheStore, checkOneIn: number) =>
      createCache({ store: () => inner, clock, background, checkOneIn, observer: (event) => events.push(event) });
    const read = () => cache.getOrSet("k", load, POLICY);
    const commit = async (title: string) => {
      database = { title, at: new Date(0) };
    };
    /** Until a difference was seen that may still pass. */
    const suspected = () => vi.waitFor(() => expect(clock.nextTimer).toBe(clock.elapsed() + PATIENCE_MS));
    /** Waits for all background work; returns what the checks found. */
    const finish = async () => {
      let done = false;
      const idle = background.idle().finally(() => {
        done = true;
      });
      while (!done) {
        if (clock.nextTimer !== undefined) await clock.advance(clock.nextTimer - clock.elapsed());
        await settle();
      }
      await idle;
      return events.flatMap((event) => (event.type === "checked" ? [event.consistent] : []));
    };

    beforeEach(async () => {
      store = new FaultyStore((await start()).store);
      clock = new ManualClock();
      background = new CollectingBackground();
      events = [];
      loads = 0;
      query = undefined;
      await commit("old");
      cache = open(store, 1);
      await read();
      await background.idle();
    });

    test("report nothing when entries are right", async () => {
      expect(await read()).toMatchObject({ outcome: "fresh" });
      expect(await finish()).toEqual([true]);
      expect(loads).toBe(2);
    });

    test("report a write whose invalidation is broken, with the age of the entry", async () => {
      await commit("new");
      expect(await read()).toMatchObject({ value: { title: "old" } });
      expect(await finish()).toEqual([false]);
      expect(events).toContainEqual({ type: "checked", key: "k", consistent: false, ageMs: expect.any(Number) });
    });

    test("do not report a write that came in between", async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      query = promise;
      expect(await read()).toMatchObject({ value: { title: "old" } });
      await cache.write(["k"], () => commit("new"));
      resolve();
      expect(await finish()).toEqual([true]);
    });

    test("do not report a write whose notification is late", async () => {
      await commit("new");
      expect(await read()).toMatchObject({ value: { title: "old" } });
      await suspected();
      await cache.invalidate(["k"]);
      expect(await finish()).toEqual([true]);
    });

    test("have no result while the database or the store is away, and fail no request", async () => {
      const away = () => Promise.reject(new Error("away"));
      expect(await cache.getOrSet("k", away, POLICY)).toMatchObject({ value: { title: "old" }, outcome: "fresh" });
      expect(await finish()).toEqual([]);
      await commit("new");
      await read();
      store.failEverything();
      expect(await finish()).toEqual([]);
    });

    test("are made only if they are asked for", async () => {
      cache = open(store, 0);
      await commit("new");
      await read();
      expect(await finish()).toEqual([]);
      expect(loads).toBe(1);
    });
  });
}
