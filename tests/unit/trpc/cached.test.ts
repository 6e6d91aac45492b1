import { initTRPC } from "@trpc/server";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { Cache } from "@/server/cache";
import { createCache, entryKey } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import type { CachedContext, ObservedRead } from "@/server/context/cached";
import { cached } from "@/server/context/cached";

const policy = { ttlMs: 60_000, version: 1 };

interface World {
  cache: Cache;
  user: { id: string };
  loads: string[];
  onCacheRead?: (read: ObservedRead) => void;
}

const t = initTRPC.context<World>().create();

const router = t.router({
  plain: t.procedure.concat(cached({ policy })).query(({ ctx }) => {
    ctx.loads.push("plain");
    return { at: new Date(0), of: ctx.user.id };
  }),
  byInput: t.procedure
    .input(z.object({ a: z.number(), b: z.number().default(7) }))
    .concat(cached({ policy }))
    .query(({ ctx, input }) => {
      ctx.loads.push(`${input.a}-${input.b}`);
      return input.a + input.b;
    }),
  misplaced: t.procedure
    .concat(cached({ policy }))
    .input(z.object({ a: z.number() }))
    .query(({ input }) => input.a),
  nothing: t.procedure.concat(cached({ policy, name: "own-name" })).query(({ ctx }) => {
    ctx.loads.push("nothing");
    return null;
  }),
  failing: t.procedure.concat(cached({ policy })).query(({ ctx }): string => {
    ctx.loads.push("failing");
    throw new Error("the database is down");
  }),
  write: t.procedure.concat(cached({ policy })).mutation(() => "written"),
});

function createWorld() {
  const settled: Promise<void>[] = [];
  const cache = createCache({
    store: memory(),
    background: { run: (_name, task) => void settled.push(task()) },
  });
  const loads: string[] = [];
  const reads: ObservedRead[] = [];
  const callerOf = (id: string) =>
    t.createCallerFactory(router)({ cache, user: { id }, loads, onCacheRead: (read) => reads.push(read) });
  return { callerOf, loads, reads, stored: () => Promise.all(settled) };
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

  it("keeps people apart", async () => {
    const { callerOf, stored } = createWorld();
    await callerOf("noa").plain();
    await stored();
    expect((await callerOf("dan").plain()).of).toBe("dan");
  });

  it("keeps inputs apart, whatever the order of their keys", async () => {
    const { callerOf, loads, stored } = createWorld();
    expect(await callerOf("noa").byInput({ a: 1, b: 2 })).toBe(3);
    await stored();
    expect(await callerOf("noa").byInput({ b: 2, a: 1 })).toBe(3);
    expect(await callerOf("noa").byInput({ a: 2, b: 1 })).toBe(3);
    expect(loads).toEqual(["1-2", "2-1"]);
  });

  it("makes the key of what the schema made of the input", async () => {
    const { callerOf, loads, stored } = createWorld();
    await callerOf("noa").byInput({ a: 1 });
    await stored();
    await callerOf("noa").byInput(Object.assign({ a: 1, b: 7 }, { undeclared: "x" }));
    expect(loads).toEqual(["1-7"]);
  });

  it("has one entry where no input is declared, whatever is sent", async () => {
    const { callerOf, loads, stored } = createWorld();
    await callerOf("noa").plain();
    await stored();
    await callerOf("noa").plain(...([{ x: 1 }] as unknown as []));
    expect(loads).toEqual(["plain"]);
  });

  it("refuses to stand before the input that it would not see", async () => {
    const { callerOf } = createWorld();
    await expect(callerOf("noa").misplaced({ a: 1 })).rejects.toThrow("cached() has to stand behind .input()");
  });

  it("keeps null as the value that it is, under the name it was given", async () => {
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

  it("refuses to be put on a mutation", async () => {
    const { callerOf } = createWorld();
    await expect(callerOf("noa").write()).rejects.toThrow("cached() is for queries; write is a mutation");
  });

  it("does not compile without a signed-in user", () => {
    type Anonymous = Omit<CachedContext, "user"> & { user: null };
    expectTypeOf<World>().toExtend<CachedContext>();
    expectTypeOf<Anonymous>().not.toExtend<CachedContext>();
  });
});

describe("entryKey", () => {
  it("is the name and the user, and a hash of the input where there is one", () => {
    expect(entryKey("ctx:dreams", "noa", undefined)).toBe("ctx:dreams:{noa}");
    expect(entryKey("list", "noa", { page: 1 })).toMatch(/^list:\{noa\}:[\w-]{22}$/);
    expect(entryKey("list", "noa", { at: new Date(0) })).not.toBe(entryKey("list", "noa", { at: new Date(1) }));
  });
});
