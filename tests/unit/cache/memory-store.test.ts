import { describe, expect, test } from "vitest";
import { MemoryStore } from "@/server/cache/memory";
import { ManualClock } from "@/server/cache/testing";
import { consistencyChecks } from "./consistency-checks";
import { protocolSteps } from "./protocol-steps";
import { storeContract } from "./store-contract";

const start = async () => {
  const clock = new ManualClock();
  return { store: new MemoryStore({ clock }), advance: (ms: number) => clock.advance(ms) };
};

storeContract("MemoryStore", start);
protocolSteps("MemoryStore", start);
consistencyChecks("MemoryStore", start);

describe("MemoryStore", () => {
  const lease = { token: "t", ms: 1_000 };
  const request = { version: 1, tags: [], keepMs: 1_000, ttlMs: 1_000, agingMs: 800, wantExpired: false };
  const fill = async (store: MemoryStore, key: string, payload: string) => {
    await store.readOrLease({ ...request, key, lease });
    await store.fill({ key, version: 1, tags: [], payload, keepMs: 1_000, lease });
  };
  const read = async (store: MemoryStore, key: string) =>
    (await store.readOrLease({ ...request, key, lease: undefined })).entry?.payload;

  test("drops the least recently used entries beyond its cap", async () => {
    const store = new MemoryStore({ maxBytes: 11_000 });
    await fill(store, "first", "x".repeat(2_000));
    await fill(store, "second", "x".repeat(2_000));
    await read(store, "first");
    for (const key of ["third", "fourth", "fifth"]) await fill(store, key, "x".repeat(2_000));
    expect(store.bytes).toBeLessThanOrEqual(11_000);
    expect(await read(store, "second")).toBeUndefined();
    expect(await read(store, "first")).toBeDefined();
  });

  test("keeps no entry whose tag it has evicted, even if the tag is used again", async () => {
    const store = new MemoryStore({ maxBytes: 6_000 });
    const tagged = { ...request, key: "key", tags: ["tag"] };
    await store.readOrLease({ ...tagged, lease });
    await store.fill({ key: "key", version: 1, tags: ["tag"], payload: "x", keepMs: 1_000, lease });
    expect((await store.readOrLease({ ...tagged, lease: undefined })).entry?.payload).toBe("x");
    // Each key has a stamp, and no other entry replaces it.
    for (let n = 0; n < 20; n += 1) {
      await store.readOrLease({ ...request, key: `other ${n}`, lease });
      await store.readOrLease({ ...tagged, tags: [], lease: undefined });
    }
    await store.readOrLease({ ...request, key: "another", tags: ["tag"], lease });
    expect((await store.readOrLease({ ...tagged, lease: undefined })).entry).toBeUndefined();
  });

  test("counts text outside Latin-1 as the two bytes per character that it takes", async () => {
    const latin = new MemoryStore();
    const hebrew = new MemoryStore();
    await fill(latin, "key", "a".repeat(1_000));
    await fill(hebrew, "key", "ש".repeat(1_000));
    expect(hebrew.bytes - latin.bytes).toBe(1_000);
  });

  test("does not keep an entry larger than itself", async () => {
    const store = new MemoryStore({ maxBytes: 1_000 });
    await fill(store, "key", "x".repeat(2_000));
    expect(await read(store, "key")).toBeUndefined();
    expect(store.bytes).toBe(0);
  });
});
