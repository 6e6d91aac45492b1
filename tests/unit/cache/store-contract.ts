import { beforeEach, describe, expect, test } from "vitest";
import type { CacheStore, ReadRequest } from "@/server/cache";
import { SETTLED_MS } from "@/server/cache/protocol/scripts";

export interface StoreHarness {
  store: CacheStore;
  /** Advances the age of everything in the store. */
  advance(ms: number): Promise<void>;
}

const TTL = 60_000;
const AGING = 48_000;
const KEEP = 120_000;
const LEASE = 6_000;
const FENCE = 5_000;
/** How much a slow machine may add to an age, in milliseconds. */
const SLACK = 3_000;

/** The contract of every store. */
export function storeContract(name: string, start: () => Promise<StoreHarness>): void {
  describe(`${name}: the store contract`, () => {
    let store: CacheStore;
    let advance: StoreHarness["advance"];
    let key: string;
    let count = 0;

    beforeEach(async () => {
      ({ store, advance } = await start());
      count += 1;
      // Puts all keys and tags of a test into one slot of a cluster.
      key = `key:{${count}}`;
    });

    const request = (token: string | undefined, over: Partial<ReadRequest> = {}): ReadRequest => ({
      key,
      version: 1,
      tags: [],
      keepMs: KEEP,
      ttlMs: TTL,
      agingMs: AGING,
      wantExpired: false,
      lease: token === undefined ? undefined : { token, ms: LEASE },
      ...over,
    });
    const read = (token?: string, over?: Partial<ReadRequest>) => store.readOrLease(request(token, over));
    const fill = (token: string, payload: string, over = {}) =>
      store.fill({ key, version: 1, tags: [], payload, keepMs: KEEP, lease: { token, ms: LEASE }, ...over });
    const filled = async (payload = '"value"') => {
      await read("filler");
      expect(await fill("filler", payload)).toBe(true);
    };

    test("grants the lease of an absent entry to one reader and names the holder to the others", async () => {
      expect(await read("a")).toEqual({ entry: undefined, lease: { kind: "granted", token: "a" }, corrupt: false });
      expect(await read("b")).toEqual({ entry: undefined, lease: { kind: "held", token: "a" }, corrupt: false });
    });

    test("grants one lease to those who ask at the same time", async () => {
      const replies = await Promise.all([read("a"), read("b"), read("c")]);
      expect(replies.map(({ lease }) => lease)).toEqual([
        { kind: "granted", token: "a" },
        { kind: "held", token: "a" },
        { kind: "held", token: "a" },
      ]);
    });

    test("a plain read takes no lease", async () => {
      expect((await read()).lease).toEqual({ kind: "none" });
      expect((await read("a")).lease).toEqual({ kind: "granted", token: "a" });
    });

    test("returns the filled value byte for byte, without a lease", async () => {
      const payload = JSON.stringify({ text: 'quote " backslash \\ newline \n שלום 世界 😀 \u0000', colon: "1:2:3" });
      await filled(payload);
      const reply = await read("b");
      expect(reply).toEqual({ entry: { payload, ageMs: expect.any(Number) }, lease: { kind: "none" }, corrupt: false });
      expect(reply.entry?.ageMs).toBeLessThan(SLACK);
    });

    test("a lease is good for one fill", async () => {
      await filled();
      expect(await fill("filler", '"again"')).toBe(false);
      expect((await read()).entry?.payload).toBe('"value"');
    });

    test("refuses a fill by another token", async () => {
      await read("a");
      expect(await fill("b", '"b"')).toBe(false);
      expect((await read("c")).lease).toEqual({ kind: "held", token: "a" });
    });

    test("an invalidation cancels the lease and removes the entry", async () => {
      await filled();
      await store.invalidate([key]);
      expect((await read()).entry).toBeUndefined();
      await read("a");
      await store.invalidate([key]);
      expect(await fill("a", '"stale"')).toBe(false);
      expect((await read("b")).lease).toEqual({ kind: "granted", token: "b" });
    });

    test("invalidates many keys, and no others", async () => {
      for (const other of ["x", "y", "z"]) {
        await read("a", { key: key + other });
        await fill("a", '"v"', { key: key + other });
      }
      await store.invalidate([`${key}x`, `${key}y`]);
      const found = await Promise.all(["x", "y", "z"].map((other) => read(undefined, { key: key + other })));
      expect(found.map(({ entry }) => entry?.payload)).toEqual([undefined, undefined, '"v"']);
    });

    test("a lease expires, and its late fill is refused", async () => {
      await read("slow");
      await advance(LEASE + 1);
      expect((await read("b")).lease).toEqual({ kind: "granted", token: "b" });
      expect(await fill("slow", '"late"')).toBe(false);
      expect(await fill("b", '"b"')).toBe(true);
    });

    test("a fill is refused after its lease ended, also if nobody else took it", async () => {
      await read("slow");
      await advance(LEASE + 1);
      expect(await fill("slow", '"late"')).toBe(false);
    });

    test("an abandoned lease can be taken at once; only its holder can abandon it", async () => {
      await read("a");
      await store.abandon({ key, version: 1 }, "b");
      expect((await read("c")).lease).toEqual({ kind: "held", token: "a" });
      await store.abandon({ key, version: 1 }, "a");
      expect((await read("c")).lease).toEqual({ kind: "granted", token: "c" });
    });

    test("each version has an entry and a lease of its own, and disturbs no other", async () => {
      await filled();
      expect(await read("b", { version: 2, wantExpired: true })).toEqual({
        entry: undefined,
        lease: { kind: "granted", token: "b" },
        corrupt: false,
      });
      await fill("b", '"new shape"', { version: 2 });
      expect((await read(undefined, { version: 2 })).entry?.payload).toBe('"new shape"');
      expect((await read()).entry?.payload).toBe('"value"');
    });

    test.each(["invalidate", "fence", "release"] as const)(
      "%s outdates all versions, and their leases",
      async (how) => {
        await filled();
        await read("b", { version: 2 });
        if (how === "invalidate") await store.invalidate([key]);
        if (how === "fence") await store.fence([key], "writer", FENCE);
        if (how === "release") await store.release([key], "writer", true);
        expect(await fill("b", '"stale"', { version: 2 })).toBe(false);
        for (const version of [1, 2]) expect((await read(undefined, { version })).entry).toBeUndefined();
      },
    );

    describe("of a tag", () => {
      const tags = () => ({ tags: [`${key}-tag`, `${key}-tag-2`] });
      const other = () => ({ key: `${key}-other`, tags: [`${key}-tag`] });
      const tagged = async () => {
        await read("filler", tags());
        expect(await fill("filler", '"value"', tags())).toBe(true);
      };

      test("an entry is served while its tags are as they were", async () => {
        await tagged();
        expect((await read("b", tags())).entry?.payload).toBe('"value"');
      });

      test.each(["invalidate", "fence", "release"] as const)(
        "%s outdates the entries of all keys under it",
        async (how) => {
          await tagged();
          await read("filler", other());
          await fill("filler", '"other"', other());
          const names = [`${key}-tag`];
          if (how === "invalidate") await store.invalidate(names);
          if (how === "fence") await store.fence(names, "writer", FENCE);
          if (how === "release") await store.release(names, "writer", true);
          expect((await read(undefined, { ...tags(), wantExpired: true })).entry).toBeUndefined();
          expect((await read(undefined, other())).entry).toBeUndefined();
          const { lease } = await read("again", tags());
          expect(lease).toEqual(how === "fence" ? { kind: "blocked" } : { kind: "granted", token: "again" });
        },
      );

      test("an invalidation cancels the lease of a load, and the next asker gets it", async () => {
        await read("before", tags());
        await store.invalidate([`${key}-tag-2`]);
        expect((await read("after", tags())).lease).toEqual({ kind: "granted", token: "after" });
        expect(await fill("before", '"stale"', tags())).toBe(false);
        expect(await fill("after", '"current"', tags())).toBe(true);
        expect((await read(undefined, tags())).entry?.payload).toBe('"current"');
      });

      test("an outdated entry never becomes valid again, whatever is loaded under the tag since then", async () => {
        await tagged();
        await store.invalidate([`${key}-tag`]);
        await read("next", other());
        await fill("next", '"other"', other());
        expect((await read(undefined, tags())).entry).toBeUndefined();
      });

      test("lasts as long as the longest-lived entry under it", async () => {
        await read("short", { ...other(), keepMs: TTL });
        await fill("short", '"short"', { ...other(), keepMs: TTL });
        await tagged();
        await advance(KEEP - SLACK);
        expect((await read(undefined, { ...tags(), wantExpired: true })).entry?.payload).toBe('"value"');
      });
    });

    test("counts the age from when the lease was granted", async () => {
      await read("a");
      await advance(4_000);
      await fill("a", '"v"');
      await advance(10_000);
      const age = (await read()).entry?.ageMs;
      expect(age).toBeGreaterThanOrEqual(14_000);
      expect(age).toBeLessThan(14_000 + SLACK);
    });

    test("in the last part of its life an entry is served, and one asker gets the lease", async () => {
      await filled();
      await advance(AGING);
      const [first, second] = await Promise.all([read("a"), read("b")]);
      expect(first).toMatchObject({ entry: { payload: '"value"' }, lease: { kind: "granted", token: "a" } });
      expect(second).toMatchObject({ entry: { payload: '"value"' }, lease: { kind: "held", token: "a" } });
      expect((await read()).entry?.payload).toBe('"value"');
    });

    test("an expired copy is returned only if it is wanted", async () => {
      await filled();
      await advance(TTL);
      expect(await read("a")).toEqual({ entry: undefined, lease: { kind: "granted", token: "a" }, corrupt: false });
      const { entry, lease } = await read("b", { wantExpired: true });
      expect(entry?.payload).toBe('"value"');
      expect(entry?.ageMs).toBeGreaterThanOrEqual(TTL);
      expect(lease).toEqual({ kind: "held", token: "a" });
    });

    test("after its keeping time nothing is left of an entry", async () => {
      await filled();
      await advance(KEEP);
      expect((await read("a", { wantExpired: true })).entry).toBeUndefined();
    });

    test("a fence removes the entry, cancels the lease and blocks filling", async () => {
      await filled();
      await advance(AGING);
      await read("a");
      await store.fence([key], "writer", FENCE);
      expect(await read("b", { wantExpired: true })).toEqual({
        entry: undefined,
        lease: { kind: "blocked" },
        corrupt: false,
      });
      expect(await fill("a", '"stale"')).toBe(false);
      expect((await read()).entry).toBeUndefined();
    });

    test("a release lifts the block", async () => {
      await store.fence([key], "writer", FENCE);
      await store.release([key], "writer", true);
      expect((await read("a")).lease).toEqual({ kind: "granted", token: "a" });
    });

    test("two writers never lift each other's block", async () => {
      await store.fence([key], "first", FENCE);
      await store.fence([key], "second", FENCE);
      await store.release([key], "first", true);
      expect((await read("a")).lease).toEqual({ kind: "blocked" });
      await store.release([key], "stranger", true);
      expect((await read("a")).lease).toEqual({ kind: "blocked" });
      await store.release([key], "second", true);
      expect((await read("a")).lease).toEqual({ kind: "granted", token: "a" });
    });

    test("the blocks of several writers end at their own times", async () => {
      await store.fence([key], "long", FENCE * 4);
      await store.fence([key], "short", FENCE);
      await advance(FENCE + 1);
      expect((await read("a")).lease).toEqual({ kind: "blocked" });
      await store.release([key], "long", true);
      expect((await read("a")).lease).toEqual({ kind: "granted", token: "a" });
      await store.fence([key], "dead", FENCE);
      await advance(FENCE + 1);
      expect((await read("b")).lease).toEqual({ kind: "granted", token: "b" });
    });

    test("a release outdates what was stored after its fence had ended", async () => {
      await store.fence([key], "slow writer", FENCE);
      await advance(FENCE + 1);
      await filled('"read before the commit"');
      await store.release([key], "slow writer", true);
      expect((await read()).entry).toBeUndefined();

      await store.fence([key], "slow writer", FENCE);
      await advance(FENCE + 1);
      await read("a");
      await store.release([key], "slow writer", true);
      expect(await fill("a", '"read before the commit"')).toBe(false);
    });

    test("a report of a settled write leaves alone what was loaded since then", async () => {
      await store.fence([key], "writer", FENCE);
      await store.release([key], "writer", true);
      await filled('"read after the commit"');
      await store.invalidate([key], "writer");
      expect((await read()).entry?.payload).toBe('"read after the commit"');
      await store.fence([key], "another writer", FENCE);
      await store.release([key], "another writer", true);
      await filled('"read after both"');
      await store.invalidate([key], "writer");
      expect((await read()).entry?.payload).toBe('"read after both"');
    });

    test.each([
      ["that nobody settled", async () => {}],
      ["that is still going on", () => store.fence([key], "writer", FENCE)],
      [
        "that failed",
        async () => {
          await store.fence([key], "writer", FENCE);
          await store.release([key], "writer", false);
        },
      ],
      ["that settled another key", () => store.release([`${key}x`], "writer", true)],
      [
        "that was settled long ago",
        async () => {
          await store.release([key], "writer", true);
          await advance(SETTLED_MS + 1);
        },
      ],
    ])("news of a write %s invalidates", async (_which, before) => {
      await before();
      const { lease } = await read("loading");
      await store.invalidate([key], "writer");
      if (lease.kind === "granted") expect(await fill("loading", '"stale"')).toBe(false);
      if (lease.kind === "granted") await filled();
      await store.invalidate([key], "writer");
      expect((await read()).entry).toBeUndefined();
    });

    test("a lease whose holder was silent for too long goes to the next reader, and its late fill is refused", async () => {
      await read("a|500");
      expect((await read("b|500")).lease).toEqual({ kind: "held", token: "a|500" });
      await advance(501);
      expect((await read("b|500")).lease).toEqual({ kind: "granted", token: "b|500" });
      expect(await fill("a|500", '"late"')).toBe(false);
      expect(await fill("b|500", '"b"')).toBe(true);
    });

    test("a lease lasts for as long as its own holder asked, whatever the next reader's policy is", async () => {
      await read("a|2000", { lease: { token: "a|2000", ms: 20_000 } });
      await advance(1_000);
      expect((await read("b|500")).lease).toEqual({ kind: "held", token: "a|2000" });
      await advance(1_001);
      expect((await read("b|500")).lease).toEqual({ kind: "granted", token: "b|500" });
    });

    test("a sign of life keeps a lease, and does not change ages", async () => {
      await read("a|5000");
      await advance(4_000);
      await store.renew({ key, version: 1 }, "a|5000");
      await store.renew({ key, version: 1 }, "somebody else");
      await advance(1_500);
      expect((await read("b|5000")).lease).toEqual({ kind: "held", token: "a|5000" });
      expect(await fill("a|5000", '"a"')).toBe(true);
      expect((await read()).entry?.ageMs).toBeGreaterThanOrEqual(5_500);
    });

    test("fences and releases many keys at once", async () => {
      const keys = [`${key}x`, `${key}y`];
      await store.fence(keys, "writer", FENCE);
      const leases = () => Promise.all(keys.map(async (one) => (await read("a", { key: one })).lease.kind));
      expect(await leases()).toEqual(["blocked", "blocked"]);
      await store.release(keys, "writer", true);
      expect(await leases()).toEqual(["granted", "granted"]);
    });
  });
}
