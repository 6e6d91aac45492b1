import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { StoreFactory } from "@/server/cache";
import { MemoryStore } from "@/server/cache/memory";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import { mutations } from "@/tests/support/mutations";
import { CacheRedis } from "@/tests/support/redis/cache-redis";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";
import { HeldLoads } from "./support/held-loads";
import { HeldWrites } from "./support/held-writes";
import type { MutationCase, World } from "./support/mutation-cases";
import { MUTATION_CASES, OTHER_CASES } from "./support/mutation-cases";
import { contextOf, during, warm } from "./support/reading";

const stack = inject("stack");
const sql = createSqlClient(stack);

let redis: CacheRedis;
let model: ModelServer;
beforeAll(async () => {
  [redis, model] = await Promise.all([CacheRedis.start(), startModelServer()]);
});
afterAll(() => Promise.all([redis.stop(), model.close()]));

/** Returns a store for each process; all of them are one cache. */
type OpenCache = () => StoreFactory;

const overMemory: OpenCache = () => {
  const store = new MemoryStore();
  return () => store;
};
const overRedis: OpenCache = () => redis.store();

async function worldOf(app: TestApp): Promise<World> {
  const person = await createPerson(stack, { name: "Noa" });
  return { person, caller: app.as(person), sql, model };
}

/** Starts processes over one cache and one database, for one case. */
function startFleet(openCache: OpenCache, { voice }: MutationCase) {
  const storeOfProcess = openCache();
  const spoken = voice && {
    voice: createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock: systemClock }),
  };
  return (databaseFetch: typeof fetch = fetch) =>
    createTestApp({ stack, store: storeOfProcess, databaseFetch, ...spoken });
}

it("has a case for every mutation of the root router", () => {
  expect(mutations.length).toBeGreaterThan(0);
  expect(Object.keys(MUTATION_CASES).sort()).toEqual(mutations.map(([path]) => path).sort());
});

describe.each([
  ["the in-process cache", overMemory],
  ["Redis", overRedis],
])("over %s, what is written by", (_name, openCache) => {
  describe.each(Object.entries({ ...MUTATION_CASES, ...OTHER_CASES }))("%s", (path, mutation) => {
    const { arrange, write, outdates, waitsForContext, heldWrite, shown, before, after } = mutation;
    const changesRows = path !== "clarifyContext.invalidate" && path !== "messages.prewarm";

    it("is in the very next context, in this process and in another, and costs no other section", async () => {
      const startApp = startFleet(openCache, mutation);
      const [writer, other] = [startApp(), startApp()];
      const world = await worldOf(writer);
      const id = (await arrange?.(world)) ?? "";
      for (const app of [writer, other]) expect(shown(await warm(app, world.person))).toEqual(before);

      await write(world, id);

      const contexts = await Promise.all([writer, other].map((app) => contextOf(app, world.person)));
      expect(contexts.map(shown)).toEqual([after, after]);
      for (const { sections } of contexts) {
        const untouched = sections.filter(({ name }) => !outdates.includes(name));
        expect(untouched.map(({ source }) => source)).toEqual(untouched.map(() => "fresh"));
      }
      await Promise.all([writer.backgroundDone(), other.backgroundDone()]);
    });

    it.each(["this process", "another process"])("is, with a load in flight in %s across it", async (where) => {
      const loads = new HeldLoads();
      const startApp = startFleet(openCache, mutation);
      const loader = startApp(loads.fetch);
      const writer = where === "this process" ? loader : startApp();
      const world = await worldOf(writer);
      const id = (await arrange?.(world)) ?? "";
      const contexts = () => Promise.all([loader, writer].map((app) => contextOf(app, world.person)));

      loads.hold(outdates);
      const early = contextOf(loader, world.person);
      await during(loads.held, early);
      const writing = write(world, id);
      if (waitsForContext) await during(messageStored(world.person), writing);
      else {
        await writing;
        expect((await contexts()).map(shown)).toEqual([after, after]);
      }
      loads.release();
      await writing;

      // It began before the write, so it may return the earlier state; a later one may not.
      expect(shown(await early)).toEqual(before);
      await Promise.all([loader.backgroundDone(), writer.backgroundDone()]);
      expect((await contexts()).map(shown)).toEqual([after, after]);
      await Promise.all([loader.backgroundDone(), writer.backgroundDone()]);
    });

    // A mutation that changes nothing in the database has no such moment.
    if (!changesRows) return;
    it("is, with a load that began while it was under way and ended after it", async () => {
      const writes = new HeldWrites(heldWrite?.table);
      const loads = new HeldLoads();
      const startApp = startFleet(openCache, mutation);
      const [writer, loader] = [startApp(writes.fetch), startApp(loads.fetch)];
      const world = await worldOf(writer);
      const id = (await arrange?.(world)) ?? "";

      const writing = write(world, id);
      await during(writes.held, writing);
      loads.hold(heldWrite?.outdates ?? outdates);
      const early = contextOf(loader, world.person);
      await during(loads.held, early);
      writes.release();
      await writing;
      loads.release();

      expect(shown(await early)).toEqual(before);
      await Promise.all([loader.backgroundDone(), writer.backgroundDone()]);
      const contexts = await Promise.all([loader, writer].map((app) => contextOf(app, world.person)));
      expect(contexts.map(shown)).toEqual([after, after]);
      await Promise.all([loader.backgroundDone(), writer.backgroundDone()]);
    });
  });
});

async function messageStored({ id }: Person): Promise<void> {
  await vi.waitFor(
    async () => {
      const rows = await sql(`select 1 from public.clarify_messages where user_id = $1`, [id]);
      expect(rows.length).toBeGreaterThan(0);
    },
    { timeout: 10_000, interval: 1 },
  );
}
