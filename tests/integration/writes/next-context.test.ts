import type { AnyProcedure } from "@trpc/server";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { CacheStore } from "@/server/cache";
import { MemoryStore } from "@/server/cache";
import type { ClarifyContext } from "@/server/clarify/context";
import { appRouter } from "@/server/trpc/root";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import { CacheRedis } from "@/tests/support/redis/cache-redis";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";
import { CollectingBackground } from "@/tests/unit/cache/collecting-background";
import { HeldLoads } from "./support/held-loads";
import { HeldWrites } from "./support/held-writes";
import type { World } from "./support/mutation-cases";
import { MUTATION_CASES } from "./support/mutation-cases";

const stack = inject("stack");
const sql = createSqlClient(stack);

let redis: CacheRedis;
beforeAll(async () => {
  redis = await CacheRedis.start();
});
afterAll(() => redis.stop());

/** Answers with a store for each process; all of them are one cache. */
type OpenCache = () => () => CacheStore;

const overMemory: OpenCache = () => {
  const store = new MemoryStore();
  return () => store;
};
const overRedis: OpenCache = () => () => redis.store({ background: new CollectingBackground() });

const contextOf = (app: TestApp, person: Person) => app.as(person).clarifyContext.get({ sessionId: null });

/** Reads until every section comes from the cache. */
async function warm(app: TestApp, person: Person): Promise<ClarifyContext> {
  for (;;) {
    const context = await contextOf(app, person);
    await app.backgroundDone();
    if (context.sections.every(({ source }) => source === "fresh")) return context;
  }
}

async function worldOf(app: TestApp): Promise<World> {
  const person = await createPerson(stack, { name: "Noa" });
  return { person, caller: app.as(person), sql };
}

/** The root router's procedures by path, which its types know as a tree. */
const procedures = appRouter._def.procedures as unknown as Record<string, AnyProcedure>;

describe("every mutation of the root router", () => {
  const mutations = Object.keys(procedures).filter((path) => procedures[path]?._def.type === "mutation");

  it("has a case here", () => {
    expect(mutations.length).toBeGreaterThan(0);
    expect(Object.keys(MUTATION_CASES).sort()).toEqual(mutations.sort());
  });
});

describe.each([
  ["the in-process cache", overMemory],
  ["Redis", overRedis],
])("over %s, what is written by", (_name, openCache) => {
  describe.each(Object.entries(MUTATION_CASES))("%s", (path, mutation) => {
    const { arrange, write, outdates, waitsForContext, shown, before, after } = mutation;
    const changesRows = path !== "clarifyContext.invalidate" && path !== "messages.prewarm";

    it("is in the very next context, in this process and in another, and costs no other section", async () => {
      const storeOfProcess = openCache();
      const writer = createTestApp({ stack, store: storeOfProcess() });
      const other = createTestApp({ stack, store: storeOfProcess() });
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
      const storeOfProcess = openCache();
      const loader = createTestApp({ stack, store: storeOfProcess(), databaseFetch: loads.fetch });
      const writer = where === "this process" ? loader : createTestApp({ stack, store: storeOfProcess() });
      const world = await worldOf(writer);
      const id = (await arrange?.(world)) ?? "";
      const contexts = () => Promise.all([loader, writer].map((app) => contextOf(app, world.person)));

      loads.hold(outdates);
      const early = contextOf(loader, world.person);
      await loads.held;
      const writing = write(world, id);
      if (waitsForContext) await messageStored(world.person);
      else {
        await writing;
        expect((await contexts()).map(shown)).toEqual([after, after]);
      }
      loads.release();
      await writing;

      // It began before the write, so it may know nothing of it; nobody after it may.
      expect(shown(await early)).toEqual(before);
      await Promise.all([loader.backgroundDone(), writer.backgroundDone()]);
      expect((await contexts()).map(shown)).toEqual([after, after]);
      await Promise.all([loader.backgroundDone(), writer.backgroundDone()]);
    });

    // A mutation that changes nothing in the database has no such moment.
    if (!changesRows) return;
    it("is, with a load that began while it was under way and ended after it", async () => {
      const writes = new HeldWrites();
      const loads = new HeldLoads();
      const storeOfProcess = openCache();
      const writer = createTestApp({ stack, store: storeOfProcess(), databaseFetch: writes.fetch });
      const loader = createTestApp({ stack, store: storeOfProcess(), databaseFetch: loads.fetch });
      const world = await worldOf(writer);
      const id = (await arrange?.(world)) ?? "";

      const writing = write(world, id);
      await writes.held;
      loads.hold(outdates);
      const early = contextOf(loader, world.person);
      await loads.held;
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
  for (;;) {
    const rows = await sql(`select 1 from public.clarify_messages where user_id = $1`, [id]);
    if (rows.length > 0) return;
  }
}
