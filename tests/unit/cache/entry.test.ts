import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";
import type { CachePolicy } from "@/server/cache";
import { definePolicy, entry } from "@/server/cache";
import { createTestCache } from "@/server/cache/testing";

const policy = definePolicy({ ttl: "5m", version: 1 });

function tasksOf(load: (project: number) => Promise<string[]>) {
  return entry({
    name: "tasks",
    input: z.object({ project: z.number(), done: z.boolean().default(false) }),
    policy,
    tags: ({ project }) => [`project:${project}`],
    load: ({ project }) => load(project),
  });
}

describe("an entry", () => {
  const start = () => {
    const load = vi.fn(async (project: number) => [`task of ${project}`]);
    return { ...createTestCache(), load, tasks: tasksOf(load) };
  };

  test("is loaded once per parsed input, without regard to undeclared fields", async () => {
    const { cache, tasks, load, settled } = start();
    const first = await cache.read(tasks, { project: 7, done: false });
    await settled();
    const again = { project: 7, done: false, page: 3 };
    expect(await cache.read(tasks, again)).toMatchObject({ value: ["task of 7"], outcome: "fresh" });
    expect(first).toMatchObject({ value: ["task of 7"], outcome: "loaded" });
    expect(load).toHaveBeenCalledOnce();
  });

  test.each([
    ["one input", { project: 7, done: false }, "fresh"],
    ["all inputs", undefined, "loaded"],
  ])("a write that names it with %s outdates no less and no more", async (_which, input, otherOutcome) => {
    const { cache, tasks, settled } = start();
    await Promise.all([7, 8].map((project) => cache.read(tasks, { project, done: false })));
    await settled();
    await cache.write({ entries: [input ? tasks.at(input) : tasks] }, async () => {});
    expect((await cache.read(tasks, { project: 7, done: false })).outcome).toBe("loaded");
    expect((await cache.read(tasks, { project: 8, done: false })).outcome).toBe(otherOutcome);
  });

  test("has a value for each owner, and one for everybody without an owner", async () => {
    const { cache, settled } = createTestCache();
    const greeting = (owner: string | null) =>
      entry({ name: "greeting", owner, policy, load: async () => `Hello, ${owner ?? "everybody"}` });
    const readAll = () => Promise.all(["noa", "greeting", null].map((owner) => cache.read(greeting(owner))));
    expect((await readAll()).map(({ value }) => value)).toEqual(["Hello, noa", "Hello, greeting", "Hello, everybody"]);
    await settled();
    await cache.write({ entries: [greeting("noa")] }, async () => {});
    expect((await readAll()).map(({ outcome }) => outcome)).toEqual(["loaded", "fresh", "fresh"]);
  });

  test("a tag outdates every entry under it, also of another kind", async () => {
    const { cache, tasks, settled } = start();
    const members = entry({ name: "members", policy, tags: () => ["project:7"], load: async () => ["Noa"] });
    const read = () =>
      Promise.all([
        cache.read(tasks, { project: 7, done: true }),
        cache.read(tasks, { project: 8, done: true }),
        cache.read(members),
      ]);
    await read();
    await settled();
    await cache.invalidate({ tags: ["project:7"] });
    expect((await read()).map(({ outcome }) => outcome)).toEqual(["loaded", "fresh", "loaded"]);
  });

  test("refuses an input that its schema does not accept, naming the entry", async () => {
    const { cache, tasks, load } = start();
    const wrong: { project: number; done: boolean } = JSON.parse('{"project":"7"}');
    await expect(cache.read(tasks, wrong)).rejects.toThrow(/Wrong input for "tasks"/);
    expect(load).not.toHaveBeenCalled();
  });

  test("with an invalid policy is refused when it is made", () => {
    const mistaken: CachePolicy = { ttlMs: 1, version: 1.5 };
    expect(() => entry({ name: "x", policy: mistaken, load: async () => 1 })).toThrow(/natural number, not 1.5/);
  });

  test("a wrong input, a key made by hand, and an entry in place of a tag do not compile", () => {
    const { cache, tasks } = start();
    const nothing = entry({ name: "nothing", policy, load: async () => 1 });
    expectTypeOf(cache.read(nothing)).resolves.toHaveProperty("value").toBeNumber();
    const notRun = () => {
      // @ts-expect-error
      cache.read(tasks, { project: "7", done: false });
      // @ts-expect-error
      cache.read(tasks);
      // @ts-expect-error
      cache.read(nothing, { project: 7 });
      // @ts-expect-error
      tasks.at({ projct: 7 });
      // @ts-expect-error
      cache.invalidate({ entries: [{ key: "tasks" }] });
      // @ts-expect-error
      cache.invalidate({ tags: [tasks] });
      const loadOther = async (input: { id: number }) => input;
      // @ts-expect-error
      entry({ name: "wrong", input: z.object({ id: z.string() }), policy, load: loadOther });
    };
    expect(notRun).toBeTypeOf("function");
  });
});
