import { beforeEach, describe, expect, test } from "vitest";
import type { Cache, CachePolicy, CacheStore, EntryName, FillRequest, ReadReply, ReadRequest } from "@/server/cache";
import { createCache } from "@/server/cache";
import { CollectingBackground } from "./collecting-background";
import type { StoreHarness } from "./store-contract";

const POLICY: CachePolicy = { ttlMs: 60_000, version: 1 };
const EXPIRES_MS = 61_000;
const AGES_MS = 50_000;

const READ_STEPS = [
  "read asked",
  "read answered",
  "query asked",
  "query answered",
  "fill asked",
  "fill answered",
] as const;
const WRITE_STEPS = [
  "fence asked",
  "fence answered",
  "commit asked",
  "commit answered",
  "release asked",
  "release answered",
] as const;
/** Whether a write waits for its fence. */
const FENCES = [true, false] as const;
type Step = (typeof READ_STEPS)[number] | (typeof WRITE_STEPS)[number];

/** The state when a read begins: nothing, an entry to be refreshed, or one to be replaced. */
const BEFORE = ["nothing", "an aging entry", "an expired entry"] as const;

/** Runs a whole write, or a whole read, between every two steps of a read and of a write. */
export function protocolSteps(name: string, start: () => Promise<StoreHarness>): void {
  describe(`${name}: between any two steps`, () => {
    let harness: StoreHarness;
    let background: CollectingBackground;
    let database: number;
    let interrupt: { at: Step; run: () => Promise<void> } | undefined;
    let interrupted: boolean;
    /** Three processes; the first is the one that is interrupted. */
    let first: Cache;
    let second: Cache;
    let third: Cache;

    const reach = async (step: Step) => {
      if (interrupt?.at !== step) return;
      const { run } = interrupt;
      interrupt = undefined;
      interrupted = true;
      await run();
    };
    const load = async () => database;
    const commit = async () => {
      database += 1;
    };
    const steppedLoad = async () => {
      await reach("query asked");
      const value = database;
      await reach("query answered");
      return value;
    };
    const steppedCommit = async () => {
      await reach("commit asked");
      await commit();
      await reach("commit answered");
    };
    const valueIn = async (cache: Cache) => (await cache.getOrSet("k", load, POLICY)).value;

    beforeEach(async () => {
      harness = await start();
      background = new CollectingBackground();
      database = 1;
      interrupted = false;
      first = createCache({ store: () => new SteppedStore(harness.store, reach), background });
      second = createCache({ store: () => harness.store, background });
      third = createCache({ store: () => harness.store, background });
    });

    async function prepare(before: (typeof BEFORE)[number]): Promise<void> {
      if (before === "nothing") return;
      await second.getOrSet("k", load, POLICY);
      await background.idle();
      await harness.advance(before === "an aging entry" ? AGES_MS : EXPIRES_MS);
    }

    test.each(BEFORE.flatMap((before) => READ_STEPS.map((step) => [before, step] as const)))(
      "of a read that found %s: a write at “%s” is never forgotten",
      async (before, step) => {
        await prepare(before);
        interrupt = { at: step, run: () => second.write(["k"], commit) };
        await first.getOrSet("k", steppedLoad, POLICY);
        await background.idle();
        expect(interrupted).toBe(true);
        for (const cache of [third, first, second]) expect(await valueIn(cache)).toBe(2);
        await background.idle();
        for (const cache of [third, first, second]) expect(await valueIn(cache)).toBe(2);
      },
    );

    test.each(READ_STEPS)("of a read: an invalidation from outside at “%s” is never forgotten", async (step) => {
      interrupt = {
        at: step,
        async run() {
          await commit();
          await third.invalidate(["k"]);
        },
      };
      await first.getOrSet("k", steppedLoad, POLICY);
      await background.idle();
      expect(interrupted).toBe(true);
      for (const cache of [third, first, second]) expect(await valueIn(cache)).toBe(2);
    });

    const WRITES = FENCES.flatMap((waits) => WRITE_STEPS.map((step) => [waits, step] as const));

    test.each(BEFORE.flatMap((before) => WRITES.map((write) => [before, ...write] as const)))(
      "of a write over %s, which waits for its fence: %s: a read at “%s” leaves nothing stale behind",
      async (before, waitForFence, step) => {
        await prepare(before);
        interrupt = {
          at: step,
          async run() {
            await second.getOrSet("k", load, POLICY);
            await background.idle();
          },
        };
        await first.write(["k"], steppedCommit, { waitForFence });
        expect(interrupted).toBe(true);
        for (const cache of [third, first, second]) expect(await valueIn(cache)).toBe(2);
      },
    );

    test.each(WRITES)(
      "of a write, which waits for its fence: %s: another write at “%s” keeps both",
      async (waitForFence, step) => {
        interrupt = { at: step, run: () => second.write(["k"], commit, { waitForFence }) };
        await first.write(["k"], steppedCommit, { waitForFence });
        expect(interrupted).toBe(true);
        expect(database).toBe(3);
        for (const cache of [third, first, second]) expect(await valueIn(cache)).toBe(3);
      },
    );

    test.each(WRITES)(
      "of a write which waits for its fence: %s, and whose fence ended long ago: a read at “%s” leaves nothing stale behind",
      async (waitForFence, step) => {
        interrupt = {
          at: step,
          async run() {
            await harness.advance(10_000);
            await second.getOrSet("k", load, POLICY);
            await background.idle();
          },
        };
        await first.write(["k"], steppedCommit, { waitForFence });
        for (const cache of [third, first, second]) expect(await valueIn(cache)).toBe(2);
      },
    );

    test("a writer that dies after its commit leaves nothing stale behind", async () => {
      await prepare("an aging entry");
      await harness.store.fence(["k"], "dying", 5_000);
      const { load: slow, resolve } = pendingLoad();
      const reading = second.getOrSet("k", slow, POLICY);
      await commit();
      resolve(1);
      await reading;
      await background.idle();
      expect(await valueIn(third)).toBe(2);
      await harness.advance(5_001);
      expect(await valueIn(third)).toBe(2);
      await background.idle();
      expect(await third.get("k", POLICY)).toMatchObject({ value: 2 });
    });
  });
}

function pendingLoad() {
  const { promise, resolve } = Promise.withResolvers<number>();
  return { load: () => promise, resolve };
}

/** Stops before and after every operation. */
class SteppedStore implements CacheStore {
  constructor(
    private readonly inner: CacheStore,
    private readonly reach: (step: Step) => Promise<void>,
  ) {}

  readOrLease(request: ReadRequest): Promise<ReadReply> {
    return this.#around("read", () => this.inner.readOrLease(request));
  }
  fill(request: FillRequest): Promise<boolean> {
    return this.#around("fill", () => this.inner.fill(request));
  }
  fence(names: readonly string[], token: string, ms: number): Promise<void> {
    return this.#around("fence", () => this.inner.fence(names, token, ms));
  }
  release(names: readonly string[], token: string, settled: boolean): Promise<void> {
    return this.#around("release", () => this.inner.release(names, token, settled));
  }
  renew(entry: EntryName, token: string): Promise<void> {
    return this.inner.renew(entry, token);
  }
  abandon(entry: EntryName, token: string): Promise<void> {
    return this.inner.abandon(entry, token);
  }
  invalidate(names: readonly string[], newsOf?: string): Promise<void> {
    return this.inner.invalidate(names, newsOf);
  }
  breakerState() {
    return this.inner.breakerState();
  }
  ready() {
    return this.inner.ready();
  }
  close() {
    return this.inner.close();
  }

  async #around<T>(operation: "read" | "fill" | "fence" | "release", run: () => Promise<T>): Promise<T> {
    await this.reach(`${operation} asked`);
    const reply = await run();
    await this.reach(`${operation} answered`);
    return reply;
  }
}
