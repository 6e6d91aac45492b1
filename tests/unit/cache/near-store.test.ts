import { beforeEach, describe, expect, test } from "vitest";
import type { CacheEvent, InvalidationFeed, OutdatedListener, ReadReply, ReadRequest } from "@/server/cache";
import { createCache, NEAR_LAG_MS } from "@/server/cache";
import { MemoryStore, memory } from "@/server/cache/memory";
import { ManualClock } from "@/server/cache/testing";
import { CollectingBackground } from "./collecting-background";
import { FaultyStore } from "./faulty-store";

const POLICY = { ttlMs: 60_000, version: 1 };

/** The shared store as one process reaches it. */
class ReachedStore extends FaultyStore {
  /** Runs before the store's answer to a read is passed on. */
  beforeAnswer = async () => {};
  /** Runs before an invalidation reaches the store. */
  beforeInvalidation = async () => {};
  feed: ToldFeed | undefined;

  readonly follow = (listener: OutdatedListener) => {
    this.feed = new ToldFeed(listener);
    return this.feed;
  };

  override async readOrLease(request: ReadRequest): Promise<ReadReply> {
    const reply = await super.readOrLease(request);
    await this.beforeAnswer();
    return reply;
  }

  override async invalidate(names: readonly string[], newsOf?: string): Promise<void> {
    await this.beforeInvalidation();
    await super.invalidate(names, newsOf);
  }
}

/** A feed that hears what the test says. */
class ToldFeed implements InvalidationFeed {
  heardUntil = Number.NEGATIVE_INFINITY;
  constructor(readonly listener: OutdatedListener) {}
  close(): void {
    this.heardUntil = Number.NEGATIVE_INFINITY;
  }
}

describe("entries kept near", () => {
  let clock: ManualClock;
  let shared: MemoryStore;
  let background: CollectingBackground;
  let events: CacheEvent[];
  let reached: ReachedStore;
  let bypass: boolean;
  let value: number;

  beforeEach(() => {
    clock = new ManualClock();
    shared = new MemoryStore({ clock });
    background = new CollectingBackground();
    events = [];
    reached = new ReachedStore(shared);
    bypass = false;
    value = 1;
  });

  const open = (maxBytes = 1_000_000) =>
    createCache({
      store: () => reached,
      clock,
      background,
      observer: (event) => void events.push(event),
      near: { maxBytes, bypass: () => bypass },
    });
  const read = async (cache: ReturnType<typeof open>, key = "k", tags: string[] = []) => {
    const answer = await cache.getOrSet(key, async () => value, POLICY, { tags });
    await background.idle();
    return answer;
  };
  const feed = () => {
    if (!reached.feed) throw new Error("The cache does not follow its store");
    return reached.feed;
  };
  const hear = () => {
    feed().heardUntil = clock.elapsed();
  };
  /** A cache that keeps the entry near. */
  async function warm(cache = open(), key = "k", tags: string[] = []) {
    hear();
    await read(cache, key, tags);
    expect((await read(cache, key, tags)).outcome).toBe("fresh");
    reached.calls.length = 0;
    return cache;
  }

  test("a hit needs no request, and its age goes on", async () => {
    const cache = await warm();
    await clock.advance(500);
    expect(await read(cache)).toMatchObject({ value: 1, outcome: "near", ageMs: 500 });
    expect(reached.calls).toEqual([]);
  });

  test("a reader who changes a value changes nobody else's", async () => {
    const cache = open();
    hear();
    const list = () => cache.getOrSet("list", async () => [1], POLICY);
    await list();
    await background.idle();
    await list();
    (await list()).value.push(2);
    expect(await list()).toMatchObject({ value: [1], outcome: "near" });
  });

  test("what another process outdates is read again, by its key or by a tag", async () => {
    const cache = await warm(open(), "k", ["team"]);
    value = 2;
    await shared.invalidate(["team"]);
    feed().listener.outdated(["{team}"]);
    expect(await read(cache, "k", ["team"])).toMatchObject({ value: 2, outcome: "loaded" });
  });

  test("what the store no longer has is not served from here again, though no report of it has come", async () => {
    const cache = await warm();
    await shared.invalidate(["k"]);
    expect((await read(cache)).outcome).toBe("near");
    bypass = true;
    reached.beforeAnswer = async () => {
      bypass = false;
    };
    value = 2;
    expect(await read(cache)).toMatchObject({ value: 2, outcome: "loaded" });
    hear();
    expect((await read(cache)).value).toBe(2);
  });

  test("an entry whose read was answered after it had been outdated is not kept", async () => {
    const cache = open();
    hear();
    await read(cache);
    reached.beforeAnswer = async () => {
      await shared.invalidate(["k"]);
      feed().listener.outdated(["{k}"]);
    };
    expect((await read(cache)).value).toBe(1);
    reached.beforeAnswer = async () => {};
    value = 2;
    expect(await read(cache)).toMatchObject({ value: 2, outcome: "loaded" });
  });

  test("nothing is served from here once nothing has been heard for a second, until it is heard again", async () => {
    const cache = await warm();
    await clock.advance(NEAR_LAG_MS);
    expect((await read(cache)).outcome).toBe("near");
    await clock.advance(1);
    expect((await read(cache)).outcome).toBe("fresh");
    hear();
    expect((await read(cache)).outcome).toBe("near");
  });

  test("a lost feed empties everything, and nothing is kept before it is back", async () => {
    const cache = await warm();
    feed().heardUntil = Number.NEGATIVE_INFINITY;
    feed().listener.lost();
    expect(cache.health().near).toEqual({ bytes: 0, isLive: false });
    await read(cache);
    hear();
    expect((await read(cache)).outcome).toBe("fresh");
    expect((await read(cache)).outcome).toBe("near");
  });

  test("what this process outdates is gone at once", async () => {
    const cache = await warm();
    await cache.write(["k"], async () => {
      value = 2;
    });
    expect(await read(cache)).toMatchObject({ value: 2, outcome: "loaded" });
  });

  test("a read that the store answered before an invalidation of this process arrived is not served after it", async () => {
    const cache = await warm();
    reached.beforeInvalidation = async () => {
      expect((await read(cache)).value).toBe(1);
    };
    value = 2;
    await cache.invalidate(["k"]);
    expect((await read(cache)).value).toBe(2);
  });

  test("the code of a person who has just written elsewhere can ask the store", async () => {
    const cache = await warm();
    bypass = true;
    expect((await read(cache)).outcome).toBe("fresh");
  });

  test("an aging entry is left to the store, which lets one reader refresh it", async () => {
    const cache = await warm();
    await clock.advance(50_000);
    hear();
    value = 2;
    expect(await read(cache)).toMatchObject({ value: 1, outcome: "aging" });
    expect(await read(cache)).toMatchObject({ value: 2, outcome: "fresh" });
    expect(await read(cache)).toMatchObject({ value: 2, outcome: "near" });
  });

  test("is bounded in bytes: the least recently used entries go first", async () => {
    const cache = open(1_500);
    await warm(cache, "first");
    await warm(cache, "second");
    await warm(cache, "third");
    expect(cache.health().near?.bytes).toBeLessThanOrEqual(1_500);
    expect((await read(cache, "third")).outcome).toBe("near");
    expect((await read(cache, "first")).outcome).toBe("fresh");
  });

  test("says when the store reports nothing, and refuses a store that cannot", async () => {
    open();
    const error = new Error("NOPERM");
    feed().listener.refused(error);
    expect(events).toContainEqual({ type: "feed-refused", error });
    expect(() => createCache({ store: memory(), near: { maxBytes: 1_000 } })).toThrow(/reports what other processes/);
  });
});
