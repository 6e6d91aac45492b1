import { TRPCError } from "@trpc/server";
import { describe, expect, test, vi } from "vitest";
import type { CacheEvent, CachePolicy } from "@/server/cache";
import { createCache } from "@/server/cache";
import { MemoryStore } from "@/server/cache/memory";
import { Breaker } from "@/server/cache/protocol/breaker";
import { ManualClock, settle } from "@/server/cache/testing";
import { isPassing } from "@/server/cache/transient";
import { DatabaseError } from "@/server/database/errors";

// The cache can only help: the parts that it is given may throw, and no request fails because of it.

const POLICY: CachePolicy = { ttlMs: 10_000, version: 1 };

describe("an observer that throws", () => {
  test("fails neither a read nor a committed write, and is reported once", async () => {
    const warn = vi.fn();
    const cache = createCache({
      store: () => new MemoryStore(),
      observer: () => {
        throw new Error("no disk");
      },
      warn,
    });
    expect(await cache.getOrSet("k", async () => "v", POLICY)).toMatchObject({ value: "v" });
    expect(await cache.write(["k"], async () => "committed")).toBe("committed");
    await cache.close();
    expect(warn.mock.calls).toEqual([[expect.stringContaining("no disk")]]);
  });
});

describe("a background runner that throws", () => {
  test("fails no request, and the work is done", async () => {
    const events: CacheEvent[] = [];
    const cache = createCache({
      store: () => new MemoryStore(),
      background: {
        run() {
          throw new Error("outside a request");
        },
      },
      observer: (event) => events.push(event),
    });
    expect(await cache.getOrSet("k", async () => "v", POLICY)).toMatchObject({ outcome: "loaded" });
    await settle();
    expect(await cache.getOrSet("k", async () => "v", POLICY)).toMatchObject({ outcome: "fresh" });
    expect(events).toContainEqual(expect.objectContaining({ type: "background-failed", name: "fill" }));
  });
});

describe("the breaker", () => {
  test("uses the given clock instead of the machine's", async () => {
    const clock = new ManualClock();
    const states: string[] = [];
    let well = false;
    const breaker = new Breaker({
      ...{ failures: 2, halfOpenAfterMs: 2_000, clock },
      probe: async () => {
        if (!well) throw new Error("still down");
      },
      background: { run: (_name, task) => void task() },
      observer: (event) => void (event.type === "breaker" && states.push(event.state)),
    });
    const fail = () => breaker.run(() => Promise.reject(new Error("down"))).catch(() => {});
    await fail();
    expect(breaker.state).toBe("closed");
    await fail();
    expect(breaker.state).toBe("open");

    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3_600_000 });
    await clock.advance(1_999);
    expect(() => breaker.assertClosed()).toThrow();
    expect(breaker.state).toBe("open");
    await clock.advance(1);
    expect(() => breaker.assertClosed()).toThrow();
    await settle();
    expect(breaker.state).toBe("open");
    well = true;
    await clock.advance(2_000);
    expect(() => breaker.assertClosed()).toThrow();
    await settle();
    expect(breaker.state).toBe("closed");
    vi.useRealTimers();
    expect(states).toEqual(["open", "half-open", "open", "half-open", "closed"]);
  });
});

describe("an expired copy", () => {
  test.each([
    ["the database is away", new DatabaseError("unavailable", null, 503), "fallback"],
    ["nobody says why", new Error("oops"), "fallback"],
    ["there are too many requests", new TRPCError({ code: "TOO_MANY_REQUESTS" }), "fallback"],
    ["the reader may not", new DatabaseError("forbidden", "42501", 403), "refused"],
    ["there is no such thing", new TRPCError({ code: "NOT_FOUND" }), "refused"],
    [
      "it is a refusal within an error",
      new Error("failed", { cause: new DatabaseError("not_found", "PGRST116", 406) }),
      "refused",
    ],
  ])("where loading fails because %s: %o, %s", async (_why, error, expected) => {
    const clock = new ManualClock();
    const cache = createCache({ store: () => new MemoryStore({ clock }), clock });
    await cache.getOrSet("k", async () => "old", POLICY);
    await settle();
    await clock.advance(10_001);
    const reading = cache.getOrSet("k", () => Promise.reject(error), POLICY);
    if (expected === "refused") await expect(reading).rejects.toBe(error);
    else expect(await reading).toMatchObject({ value: "old", outcome: "fallback" });
    expect(isPassing(error)).toBe(expected === "fallback");
  });
});
