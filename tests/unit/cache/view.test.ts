import { describe, expect, test, vi } from "vitest";
import { definePolicy, entry, ViewMemory } from "@/server/cache";
import { createTestCache } from "@/server/cache/testing";

const policy = definePolicy({ ttl: "5m", version: 1, failSafe: 0 });

interface Lines {
  lines: readonly string[];
}

function start({ maxBytes = 100_000 } = {}) {
  const rows = { current: ["bread"] };
  const list = entry({ name: "list", policy, load: async () => rows.current });
  const make = vi.fn((items: string[]): Lines => ({ lines: items.map((item) => `- ${item}`) }));
  const memory = new ViewMemory<Lines>({ maxBytes });
  const { cache, settled, ...rest } = createTestCache();
  const read = async (variant = "", of = make) => {
    const { value, outcome } = await cache.read(list, undefined, memory.view(variant, of));
    await settled();
    return { value, outcome };
  };
  return { ...rest, cache, list, rows, make, read };
}

describe("a view", () => {
  test("gives the reader what it makes of the value, loaded or stored", async () => {
    const { read } = start();
    expect(await read()).toEqual({ value: { lines: ["- bread"] }, outcome: "loaded" });
    expect(await read()).toEqual({ value: { lines: ["- bread"] }, outcome: "fresh" });
  });

  test("makes it once of one stored text, and all readers get the same object", async () => {
    const { read, make } = start();
    await read();
    const first = await read();
    make.mockClear();
    expect((await read()).value).toBe(first.value);
    expect(make).not.toHaveBeenCalled();
  });

  test("makes it anew after a write has changed the value, and not after one that has not", async () => {
    const { cache, list, rows, read, make } = start();
    await read();
    const first = await read();
    await cache.write({ entries: [list] }, async () => {});
    await read();
    expect((await read()).value).toBe(first.value);
    await cache.write({ entries: [list] }, async () => {
      rows.current = ["bread", "milk"];
    });
    await read();
    make.mockClear();
    expect((await read()).value).toEqual({ lines: ["- bread", "- milk"] });
    expect(make).toHaveBeenCalledOnce();
  });

  test("never gives what another variant has made", async () => {
    const { read } = start();
    const loud = vi.fn((items: string[]): Lines => ({ lines: items.map((item) => item.toUpperCase()) }));
    await read();
    for (const [variant, make, line] of [
      ["loud", loud, "BREAD"],
      ["", undefined, "- bread"],
      ["loud", loud, "BREAD"],
    ] as const) {
      expect((await read(variant, make)).value.lines).toEqual([line]);
    }
  });

  test("whose function throws rejects the read, and leaves the entry as it is", async () => {
    const { read, events } = start();
    await read();
    const broken = vi.fn((): Lines => {
      throw new RangeError("no such line");
    });
    await expect(read("broken", broken)).rejects.toThrow("no such line");
    expect(events.filter(({ type }) => type === "corrupt")).toEqual([]);
    expect((await read()).outcome).toBe("fresh");
  });

  test("forgets what was used least recently when it would take more than its cap", async () => {
    const { read, make } = start({ maxBytes: 10 });
    await read();
    await read();
    make.mockClear();
    expect((await read()).value).toEqual({ lines: ["- bread"] });
    expect(make).toHaveBeenCalledOnce();
  });
});
