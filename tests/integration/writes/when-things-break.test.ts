import { fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { z } from "zod";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { CacheRedis } from "@/tests/support/redis/cache-redis";
import type { Fault } from "@/tests/support/redis/fault";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";
import type { dyingWriterTask } from "./support/dying-writer";
import { HeldLoads } from "./support/held-loads";
import { contextOf, during, labelsOf, warm } from "./support/reading";

const stack = inject("stack");

let redis: CacheRedis;
let person: Person;
beforeAll(async () => {
  redis = await CacheRedis.start();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  person = await createPerson(stack);
});

interface Timeouts {
  readTimeoutMs?: number;
  writeTimeoutMs?: number;
  breakerOpenMs?: number;
}

/** An app process over the shared Redis. */
function startApp({ databaseFetch = fetch, ...timeouts }: Timeouts & { databaseFetch?: typeof fetch } = {}): TestApp {
  return createTestApp({
    stack,
    store: redis.store(timeouts),
    databaseFetch,
  });
}

async function dreamsOf(app: TestApp, reading = contextOf(app, person)) {
  const context = await reading;
  return { titles: labelsOf(context, "dreams"), source: context.sections[1]?.source };
}

const warmDreamsOf = (app: TestApp) => dreamsOf(app, warm(app, person));

describe("a writer that is killed between the commit and the end of its fence", () => {
  const FENCE_MS = 30_000;

  async function writeAndDie(): Promise<void> {
    const task: z.infer<typeof dyingWriterTask> = {
      redis: { url: redis.server.url, token: redis.server.token, prefix: redis.prefix },
      stack: { url: stack.url, publishableKey: stack.publishableKey },
      person: { id: person.id, accessToken: person.accessToken },
      fenceMs: FENCE_MS,
      title: "Learn to sail",
    };
    const child = fork("tests/integration/writes/support/dying-writer.ts", [JSON.stringify(task)], {
      execArgv: ["--import", "tsx"],
    });
    const signal = await new Promise((resolve) => child.once("exit", (_code, by) => resolve(by)));
    expect(signal).toBe("SIGKILL");
  }

  it("leaves no stale section, neither during the fence nor after it", async () => {
    const loads = new HeldLoads();
    const [reader, other, late] = [startApp(), startApp(), startApp({ databaseFetch: loads.fetch })];
    // A load that began before the write, and ends after the writer's death.
    loads.hold(["dreams"]);
    const early = dreamsOf(late);
    await during(loads.held, early);

    await writeAndDie();

    for (const app of [reader, other])
      expect(await dreamsOf(app)).toEqual({ titles: ["Learn to sail"], source: "loaded" });
    loads.release();
    expect((await early).titles).toEqual([]);
    await Promise.all([reader, other, late].map((app) => app.backgroundDone()));
    // Nothing is stored while the fence holds: reads are correct, and load each time.
    for (const app of [reader, late])
      expect(await dreamsOf(app)).toEqual({ titles: ["Learn to sail"], source: "loaded" });

    await redis.advance(FENCE_MS);
    for (const app of [late, reader, other])
      expect(await warmDreamsOf(app)).toEqual({ titles: ["Learn to sail"], source: "fresh" });
  });

  it("has removed the warm section", async () => {
    const [reader, other] = [startApp(), startApp()];
    for (const app of [reader, other]) expect((await warmDreamsOf(app)).titles).toEqual([]);
    await writeAndDie();
    for (const app of [reader, other]) expect((await dreamsOf(app)).titles).toEqual(["Learn to sail"]);
    await redis.advance(FENCE_MS);
    for (const app of [reader, other]) expect((await warmDreamsOf(app)).titles).toEqual(["Learn to sail"]);
  });
});

describe("a write while Redis", () => {
  const IMPATIENT = { readTimeoutMs: 200, writeTimeoutMs: 400, breakerOpenMs: 300 };
  const faults: [string, Fault][] = [
    ["refuses connections", { kind: "refuse" }],
    ["hangs", { kind: "hang" }],
    ["hangs after it has done what was asked", { kind: "hang", applied: true }],
    ["answers 503", { kind: "status", status: 503 }],
    ["is a proxy's error page", { kind: "html" }],
    ["cuts its answers off", { kind: "truncated" }],
  ];

  async function breakRedis(fault: Fault): Promise<void> {
    if (fault.kind === "refuse") await redis.server.refuse();
    else redis.server.fault = fault;
  }
  async function mendRedis(fault: Fault): Promise<void> {
    if (fault.kind === "refuse") await redis.server.accept();
    else redis.server.fault = { kind: "none" };
  }

  it.each(faults)(
    "%s succeeds, shows at once, and once Redis is back nobody serves the old section",
    async (_, fault) => {
      const [writer, other] = [startApp(IMPATIENT), startApp(IMPATIENT)];
      for (const app of [writer, other]) expect((await warmDreamsOf(app)).titles).toEqual([]);
      await breakRedis(fault);
      try {
        const startedAt = performance.now();
        await writer.as(person).dreams.create({ title: "Learn to sail" });
        expect(performance.now() - startedAt).toBeLessThan(3_000);
        expect((await dreamsOf(writer)).titles).toEqual(["Learn to sail"]);
        expect((await dreamsOf(other)).titles).toEqual(["Learn to sail"]);
      } finally {
        await mendRedis(fault);
      }

      // The writer's invalidation is on its way. Until it arrives, the writer itself reads nothing from Redis.
      while (writer.services.cache.health().waitingInvalidations > 0) {
        expect((await dreamsOf(writer)).titles).toEqual(["Learn to sail"]);
        await sleep(20);
      }
      const newcomer = startApp();
      for (let round = 0; round < 3; round += 1) {
        for (const app of [other, writer, newcomer]) expect((await dreamsOf(app)).titles).toEqual(["Learn to sail"]);
      }
      for (const app of [other, writer, newcomer]) expect((await warmDreamsOf(app)).titles).toEqual(["Learn to sail"]);
    },
  );

  it("is away for a whole series of writes loses none of their invalidations", async () => {
    const [writer, other] = [startApp(IMPATIENT), startApp(IMPATIENT)];
    const { id: dreamId } = await writer.as(person).dreams.create({ title: "Learn to sail" });
    for (const app of [writer, other]) await warm(app, person);
    await redis.server.refuse();
    const { dreams, account, reflections } = writer.as(person);
    await dreams.update({ dreamId, title: "Sail alone" });
    await account.update({ name: "Noa Levi" });
    await reflections.create({ tone: "calm", content: "The harbour at six" });
    await redis.server.accept();
    while (writer.services.cache.health().waitingInvalidations > 0) await sleep(20);

    for (const app of [other, writer]) {
      const { text } = await warm(app, person);
      for (const written of ["Sail alone", "Noa Levi", "The harbour at six", "1 reflections"]) {
        expect(text).toContain(written);
      }
    }
  });
});
