// A plain Node service with the store in memory, and no client of any other store.
import assert from "node:assert/strict";
import { createCache } from "clarify-context/cache";
import { memory } from "clarify-context/cache/memory";
import { createTestCache } from "clarify-context/testing";

const policy = { ttlMs: 60_000, version: 1 };

const cache = createCache({ store: memory() });
await cache.ready();
const first = await cache.getOrSet("greeting", async () => ({ text: "hello", at: new Date(0) }), policy);
await cache.write(["greeting"], async () => undefined);
const second = await cache.getOrSet("greeting", async () => ({ text: "hello again", at: new Date(1) }), policy);
assert.equal(first.outcome, "loaded");
assert.equal(second.value.text, "hello again");
await cache.close();

const test = createTestCache();
const load = async () => "value";
await test.cache.getOrSet("key", load, policy);
await test.settled();
await test.clock.advance(1_000);
const { ageMs } = await test.cache.getOrSet("key", load, policy);
assert.equal(ageMs, 1_000);
await test.clock.advance(60_000);
await test.cache.getOrSet("key", load, policy);
assert.deepEqual(test.outcomes("key"), ["loaded", "fresh", "loaded"]);

// @ts-expect-error a policy has a version
export const mistake = () => cache.getOrSet("key", load, { ttlMs: 1 });

for (const client of ["ioredis", "undici", "@upstash/redis", "@trpc/server", "react", "@tanstack/react-query"]) {
  assert.throws(() => import.meta.resolve(client), `${client} is installed`);
}
console.log("service: ok");
