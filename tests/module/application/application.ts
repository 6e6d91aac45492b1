// A tRPC application with zod, whose cache is in a Redis over TCP, at Upstash, or in memory.
import assert from "node:assert/strict";
import { createCache } from "clarify-context/cache";
import { memory } from "clarify-context/cache/memory";
import { redis } from "clarify-context/cache/redis";
import { upstash } from "clarify-context/cache/upstash";
import { createTestCache } from "clarify-context/testing";
import type { BuiltContext } from "clarify-context/trpc";
import { isWholePage } from "clarify-context/trpc";
import { appRouter, context, createCaller, rows } from "./router.js";

const { cache, clock, outcomes, settled } = createTestCache();
const ctx = { cache, user: { id: "noa" } };
const caller = createCaller(ctx);
const sourcesOf = ({ sections }: BuiltContext) => sections.map(({ name, source }) => `${name} ${source}`);

// Sections: read for `get`, by their own queries, and in process, with the values that were loaded.
const first = await caller.context.get({ projectId: "p1" });
await settled();
assert.deepEqual(sourcesOf(first), ["member loaded", "tasks loaded"]);
assert.match(first.text, /## Tasks\n- Paint the hull, by 1970-01-02/);
assert.equal(first.warmForMs, 54_000);
const [task] = await caller.context.tasks({ projectId: "p1" });
assert.deepEqual(task?.dueOn, new Date(86_400_000));
const built = await context.build(ctx, { projectId: "p1" }, { budget: 60 });
assert.deepEqual(sourcesOf(built), ["member fresh", "tasks fresh"]);
assert.equal(built.budget, 60);
assert.deepEqual(outcomes("ctx:member:{noa}"), ["loaded", "fresh"]);

// A write: the next read sees it, in the context and in a query that is cached by itself.
assert.deepEqual(await caller.count(), { tasks: 1 });
await caller.add({ projectId: "p1", title: "Mend the sail" });
assert.deepEqual(sourcesOf(await caller.context.get({ projectId: "p1" })), ["member fresh", "tasks loaded"]);
assert.deepEqual(await caller.count(), { tasks: 2 });
await caller.context.invalidate({ projectId: "p1", sections: ["member"] });
await settled();
await clock.advance(50_000);
assert.deepEqual(sourcesOf(await caller.context.get({ projectId: "p1" })), ["member loaded", "tasks aging"]);

// Wrong input is refused by zod 3 and zod 4 with the name of the field.
await assert.rejects(caller.context.tasks({ projectId: "" }), { code: "BAD_REQUEST" });
assert.deepEqual(Object.keys(appRouter.context).sort(), ["get", "invalidate", "member", "tasks"]);
assert.equal(isWholePage(new Headers({ "sec-fetch-dest": "empty" })), false);
await cache.close();
rows.length = 0;

const policy = { ttlMs: 60_000, version: 1 };
const inMemory = createCache({ store: memory() });
await inMemory.ready();
await inMemory.close();

// Nothing listens there: the reads go on without a store, and `ready()` says in a sentence what is wrong.
for (const store of [upstash({ url: "http://127.0.0.1:9", token: "none" }), redis({ url: "redis://127.0.0.1:9" })]) {
  const warnings: string[] = [];
  const broken = createCache({ store, warn: (message) => void warnings.push(message) });
  for (let time = 0; time < 3; time += 1) {
    assert.equal((await broken.getOrSet(`key ${time}`, async () => "loaded", policy)).value, "loaded");
  }
  await assert.rejects(broken.ready(), /Nothing listens at 127\.0\.0\.1:9/);
  await broken.close();
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /has not worked once since the start.* Nothing listens at 127\.0\.0\.1:9/);
}
console.log("application: ok");
