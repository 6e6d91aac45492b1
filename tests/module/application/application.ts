// A tRPC application with zod, whose cache is in a Redis over TCP, at Upstash, or in memory.
import assert from "node:assert/strict";
import { initTRPC } from "@trpc/server";
import type { Cache } from "clarify-context/cache";
import { createCache } from "clarify-context/cache";
import { memory } from "clarify-context/cache/memory";
import { redis } from "clarify-context/cache/redis";
import { upstash } from "clarify-context/cache/upstash";
import { z } from "zod";

const t = initTRPC.context<{ cache: Cache }>().create();
let title = "old";
const policy = { ttlMs: 60_000, version: 1 };
const router = t.router({
  task: t.procedure
    .input(z.object({ id: z.string() }))
    .query(({ ctx, input }) => ctx.cache.getOrSet(`task:${input.id}`, async () => ({ title }), policy)),
  rename: t.procedure.input(z.object({ id: z.string(), title: z.string() })).mutation(({ ctx, input }) =>
    ctx.cache.write([`task:${input.id}`], async () => {
      title = input.title;
    }),
  ),
});

const cache = createCache({ store: memory() });
const caller = t.createCallerFactory(router)({ cache });
assert.equal((await caller.task({ id: "1" })).value.title, "old");
await caller.rename({ id: "1", title: "new" });
assert.equal((await caller.task({ id: "1" })).value.title, "new");
await cache.close();

// Nothing listens there: the reads go on without a store, and what is wrong is said in a sentence.
for (const store of [upstash({ url: "http://127.0.0.1:9", token: "none" }), redis({ url: "redis://127.0.0.1:9" })]) {
  const warnings: string[] = [];
  const broken = createCache({ store, warn: (message) => void warnings.push(message) });
  assert.equal((await broken.getOrSet("key", async () => "loaded", policy)).value, "loaded");
  await assert.rejects(broken.ready(), /Nothing listens at 127\.0\.0\.1:9/);
  await broken.close();
}
console.log("application: ok");
