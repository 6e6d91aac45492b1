import { initTRPC } from "@trpc/server";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { Cache } from "@/server/cache";
import { createCache, entryKey } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import type { ObservedRead } from "@/server/context/cached";
import { cached } from "@/server/context/cached";

const policy = { ttlMs: 60_000, version: 1 };

interface World {
  cache: Cache;
  session: { team: { number: number } };
  user: { id: string };
  loads: string[];
  onCacheRead?: (read: ObservedRead) => void;
}

const t = initTRPC.context<World>().create();

const router = t.router({
  plain: cached(t.procedure, { policy }).query(({ ctx }) => {
    ctx.loads.push("plain");
    return { at: new Date(0), of: ctx.user.id };
  }),
  byInput: cached(t.procedure.input(z.object({ a: z.number(), b: z.number().default(7) })), {
    policy,
    tags: ({ a }) => [`a:${a}`],
  }).query(({ ctx, input }) => {
    ctx.loads.push(`${input.a}-${input.b}`);
    return input.a + input.b;
  }),
  shared: cached(t.procedure, { policy, scope: "shared" }).query(({ ctx }) => {
    ctx.loads.push("shared");
    return ctx.user.id;
  }),
  ofTeam: cached(t.procedure, { policy, scope: (ctx) => ctx.session.team.number }).query(({ ctx }) => {
    ctx.loads.push(`of team ${ctx.session.team.number}`);
    return ctx.session.team.number;
  }),
  generated: cached(t.procedure, { policy }).query(async function* () {
    yield 1;
  }),
  nothing: cached(t.procedure, { policy, name: "own-name" }).query(({ ctx }) => {
    ctx.loads.push("nothing");
    return null;
  }),
  failing: cached(t.procedure, { policy }).query(({ ctx }): string => {
    ctx.loads.push("failing");
    throw new Error("the database is down");
  }),
});

function createWorld() {
  const settled: Promise<void>[] = [];
  const cache = createCache({
    store: memory(),
    background: { run: (_name, task) => void settled.push(task()) },
  });
  const loads: string[] = [];
  const reads: ObservedRead[] = [];
  const callerOf = (id: string, team = 1) => {
    const session = { team: { number: team } };
    return t.createCallerFactory(router)({
      cache,
      session,
      user: { id },
      loads,
      onCacheRead: (read) => reads.push(read),
    });
  };
  return { cache, callerOf, loads, reads, stored: () => Promise.all(settled) };
}

describe("cached", () => {
  it("runs the resolver on a miss and skips it on a hit, keeping types and values", async () => {
    const { callerOf, loads, reads, stored } = createWorld();
    const first = await callerOf("noa").plain();
    await stored();
    const second = await callerOf("noa").plain();
    expectTypeOf(second).toEqualTypeOf<{ at: Date; of: string }>();
    expect(second).toEqual(first);
    expect(second.at).toBeInstanceOf(Date);
    expect(loads).toEqual(["plain"]);
    expect(reads.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["plain", "loaded"],
      ["plain", "fresh"],
    ]);
  });

  it("separates people", async () => {
    const { callerOf, stored } = createWorld();
    await callerOf("noa").plain();
    await stored();
    expect((await callerOf("dan").plain()).of).toBe("dan");
  });

  it("separates inputs, without regard to the order of their keys", async () => {
    const { callerOf, loads, stored } = createWorld();
    expect(await callerOf("noa").byInput({ a: 1, b: 2 })).toBe(3);
    await stored();
    expect(await callerOf("noa").byInput({ b: 2, a: 1 })).toBe(3);
    expect(await callerOf("noa").byInput({ a: 2, b: 1 })).toBe(3);
    expect(loads).toEqual(["1-2", "2-1"]);
  });

  it("makes the key from the parsed input", async () => {
    const { callerOf, loads, stored } = createWorld();
    await callerOf("noa").byInput({ a: 1 });
    await stored();
    await callerOf("noa").byInput(Object.assign({ a: 1, b: 7 }, { undeclared: "x" }));
    expect(loads).toEqual(["1-7"]);
  });

  it("has one entry if no input is declared, whatever is sent", async () => {
    const { callerOf, loads, stored } = createWorld();
    await callerOf("noa").plain();
    await stored();
    await callerOf("noa").plain(...([{ x: 1 }] as unknown as []));
    expect(loads).toEqual(["plain"]);
  });

  it("keeps one result for everybody if it is shared, separate from any user's", async () => {
    const { callerOf, loads, stored, cache } = createWorld();
    await callerOf("noa").shared();
    await stored();
    expect(await callerOf("dan").shared()).toBe("noa");
    await cache.write([entryKey("shared", "noa"), entryKey("shared", "shared")], async () => {});
    await callerOf("dan").shared();
    expect(loads).toEqual(["shared"]);
    await cache.write([entryKey("shared", null)], async () => {});
    expect(await callerOf("dan").shared()).toBe("dan");
  });

  it("keeps results by the owner that the application names, also a number", async () => {
    const { callerOf, loads, stored } = createWorld();
    await callerOf("noa", 7).ofTeam();
    await stored();
    expect(await callerOf("dan", 7).ofTeam()).toBe(7);
    expect(await callerOf("noa", 8).ofTeam()).toBe(8);
    expect(loads).toEqual(["of team 7", "of team 8"]);
  });

  it("outdates the results of all inputs by the query's name, and those of a tag for everybody", async () => {
    const { callerOf, loads, stored, cache } = createWorld();
    const readAll = async () => {
      for (const id of ["noa", "dan"]) for (const a of [1, 2]) await callerOf(id).byInput({ a });
      await stored();
      return loads.splice(0);
    };
    expect(await readAll()).toHaveLength(4);
    await cache.invalidate([entryKey("byInput", "noa")]);
    expect(await readAll()).toEqual(["1-7", "2-7"]);
    await cache.write({ tags: ["a:2"] }, async () => {});
    expect(await readAll()).toEqual(["2-7", "2-7"]);
  });

  it("refuses to keep a generator", async () => {
    const { callerOf } = createWorld();
    await expect(callerOf("noa").generated()).rejects.toThrow("generated returns a generator, which cannot be cached");
  });

  it("keeps null as a value, under the given name", async () => {
    const { callerOf, loads, reads, stored } = createWorld();
    expect(await callerOf("noa").nothing()).toBeNull();
    await stored();
    expect(await callerOf("noa").nothing()).toBeNull();
    expect(loads).toEqual(["nothing"]);
    expect(reads[1]?.name).toBe("own-name");
  });

  it("never keeps a failure", async () => {
    const { callerOf, loads, stored } = createWorld();
    await expect(callerOf("noa").failing()).rejects.toThrow("the database is down");
    await stored();
    await expect(callerOf("noa").failing()).rejects.toThrow("the database is down");
    expect(loads).toEqual(["failing", "failing"]);
  });

  it("loads once for readers who miss at the same moment", async () => {
    const { callerOf, loads } = createWorld();
    await Promise.all(Array.from({ length: 20 }, () => callerOf("noa").plain()));
    expect(loads).toEqual(["plain"]);
  });

  it("refuses an invalid policy when it is made", () => {
    expect(() => cached(t.procedure, { policy: { ttlMs: 60_000, version: -1 } })).toThrow("natural number, not -1");
  });

  it("does not compile for anything but a query, before an input, or without an owner", () => {
    const nobody = initTRPC.context<{ cache: Cache; user: null }>().create().procedure;
    const uncached = initTRPC.context<{ user: { id: string } }>().create().procedure;
    const notRun = () => {
      // @ts-expect-error
      cached(t.procedure, { policy }).mutation(() => 1);
      // @ts-expect-error
      cached(t.procedure, { policy }).subscription(async function* () {});
      // @ts-expect-error
      cached(t.procedure, { policy }).input(z.object({ a: z.number() }));
      // @ts-expect-error
      cached(nobody, { policy });
      cached(nobody, { policy, scope: "shared" });
      // @ts-expect-error
      cached(uncached, { policy });
      // @ts-expect-error
      cached(t.procedure, { policy, scope: (ctx) => ctx.account.id });
      // @ts-expect-error
      cached(t.procedure.input(z.object({ a: z.number() })), { policy, tags: ({ b }) => [b] });
    };
    expect(notRun).toBeTypeOf("function");
  });
});

describe("entryKey", () => {
  it("is the name and the owner, and a hash of the input if there is one", () => {
    expect(entryKey("ctx:dreams", "noa", undefined)).toBe("ctx:dreams:{noa}");
    expect(entryKey("list", "noa", { page: 1 })).toMatch(/^list:\{noa\}:[\w-]{22}$/);
    expect(entryKey("list", "noa", { at: new Date(0) })).not.toBe(entryKey("list", "noa", { at: new Date(1) }));
  });
});
