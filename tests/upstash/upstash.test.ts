import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeEach, expect, test } from "vitest";
import { createCache } from "@/server/cache";
import { ALONE, storeAt } from "@/tests/support/redis/cache-redis";
import { Fleet } from "@/tests/support/redis/fleet";
import { protocolSteps } from "@/tests/unit/cache/protocol-steps";
import { storeContract } from "@/tests/unit/cache/store-contract";
import { RealUpstash } from "./real-upstash";

const HAMMER_MS = 20_000;
const upstash = RealUpstash.open();
beforeEach(() => upstash.clear());
afterAll(() => upstash.clear());

const start = async () => ({
  store: storeAt(upstash.address)(ALONE),
  advance: (ms: number) => upstash.advance(ms),
});

test("is ready, which runs a script that locks its own keys only", () =>
  createCache({ store: storeAt(upstash.address) }).ready());

storeContract("Upstash", start);
protocolSteps("Upstash", start);

test("three processes under load never read a value that is older than the last acknowledged write", {
  timeout: HAMMER_MS + 60_000,
}, async () => {
  const fleet = await Fleet.start(3, { address: upstash.address, fenceMs: 2_000, waitMs: 1_000 });
  fleet.database.delay = () => sleep(Math.random() * 25);
  const policy = { ttlMs: 1_000, version: 1, failSafeMs: 1_000, loadHardTimeoutMs: 3_000 };
  const results = await fleet.all<{ reads: number; writes: number; violations: string[] }>({
    name: "hammer",
    keys: ["one", "two", "three"],
    policy,
    forMs: HAMMER_MS,
  });
  await fleet.stop();
  expect(results.flatMap(({ violations }) => violations)).toEqual([]);
  expect(results.every(({ reads, writes }) => reads > 0 && writes > 0)).toBe(true);
});
