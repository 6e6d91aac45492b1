import { beforeEach, describe, expect, test } from "vitest";
import type { Cache, CachePolicy } from "@/server/cache";
import { createCache } from "@/server/cache";
import { MemoryStore } from "@/server/cache/memory";
import { ManualClock, settle } from "@/server/cache/testing";
import { CollectingBackground } from "./collecting-background";
import { FaultyStore } from "./faulty-store";

// Leases without a running load, and how long the next read waits for them.

const POLICY: CachePolicy = { ttlMs: 60_000, version: 1 };

let clock: ManualClock;
let store: FaultyStore;
let background: CollectingBackground;
let cache: Cache;
/** Another process over the same store. */
let other: Cache;

beforeEach(() => {
  clock = new ManualClock();
  store = new FaultyStore(new MemoryStore({ clock }));
  background = new CollectingBackground();
  cache = createCache({ store: () => store, background, clock });
  other = createCache({ store: () => store, background, clock });
});

/** A read whose loader answers at once, and its duration by the clock. */
async function timed(reader: Cache, value: string) {
  const begun = clock.elapsed();
  let done = false;
  const reading = reader
    .getOrSet("k", async () => value, POLICY)
    .finally(() => {
      done = true;
    });
  await settle();
  while (!done) await clock.advance(1);
  const read = await reading;
  await settle();
  return { value: read.value, outcome: read.outcome, tookMs: clock.elapsed() - begun };
}

describe("a lease that was granted by a reply that came too late", () => {
  beforeEach(async () => {
    store.failing.add("readOrLease");
    store.failing.add("abandon");
    store.applied = true;
    expect(await cache.getOrSet("k", async () => "first", POLICY)).toMatchObject({ outcome: "loaded" });
    store.applied = false;
    store.failing.clear();
  });

  test("is used by the next read of the same process, without any wait", async () => {
    expect(await timed(cache, "second")).toEqual({ value: "second", outcome: "loaded", tookMs: 0 });
    expect(await timed(cache, "third")).toMatchObject({ value: "second", outcome: "fresh" });
  });

  test("is used once by readers at the same time", async () => {
    const both = await Promise.all([timed(cache, "second"), timed(cache, "second")]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(["joined", "loaded"]);
  });

  test("is taken over by another process after 300 ms instead of two seconds", async () => {
    const { value, tookMs } = await timed(other, "second");
    expect(value).toBe("second");
    expect(tookMs).toBeLessThanOrEqual(300 + 35);
    expect(await timed(cache, "third")).toMatchObject({ value: "second", outcome: "fresh" });
  });

  test("is not waited for after that time", async () => {
    await clock.advance(301);
    expect(await timed(other, "second")).toMatchObject({ value: "second", tookMs: 0 });
  });
});

test("the lease of a late reply is given back in the background", async () => {
  store.failing.add("readOrLease");
  store.applied = true;
  await cache.getOrSet("k", async () => "first", POLICY);
  store.failing.clear();
  await background.idle();
  expect(await timed(other, "second")).toMatchObject({ value: "second", outcome: "loaded", tookMs: 0 });
});

test("after a failed fill the next read loads at once, and stores", async () => {
  store.failing.add("fill");
  await cache.getOrSet("k", async () => "first", POLICY);
  await background.idle();
  store.failing.clear();
  expect(await timed(cache, "second")).toMatchObject({ value: "second", outcome: "loaded", tookMs: 0 });
  expect(await timed(other, "third")).toMatchObject({ value: "second", outcome: "fresh" });
});

test("a load that takes longer than usual gives signs of life, and the others go on waiting for it", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const loading = cache.getOrSet("k", () => promise, POLICY);
  await settle();
  const waiting = other.getOrSet("k", async () => "by itself", POLICY);
  await clock.advance(1_500);
  resolve("late");
  await clock.advance(50);
  expect(await loading).toMatchObject({ value: "late", outcome: "loaded" });
  expect(await waiting).toMatchObject({ value: "late", outcome: "joined" });
  expect(store.calls.filter((call) => call === "renew").length).toBeGreaterThanOrEqual(5);
});

test("a holder that was silent for too long stores nothing when it wakes", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  store.failing.add("renew");
  const sleeping = cache.getOrSet("k", () => promise, POLICY);
  await settle();
  await clock.advance(301);
  expect(await timed(other, "new")).toMatchObject({ value: "new" });
  resolve("old");
  expect(await sleeping).toMatchObject({ value: "old" });
  await background.idle();
  expect(await timed(other, "third")).toMatchObject({ value: "new", outcome: "fresh" });
});
