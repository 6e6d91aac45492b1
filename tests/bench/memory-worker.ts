import { randomUUID } from "node:crypto";
import { createCache } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import { fixedRows } from "./fixed-rows";

// The memory of a full MemoryStore, without that of the process before it was filled, after garbage collection.

const people = Number(process.argv[2]);
const background = { run: (_name: string, task: () => Promise<void>) => void task() };
const rows = fixedRows("dreams", 1);
const policy = { ttlMs: 300_000, version: 1 };

async function visit(cache: ReturnType<typeof createCache>, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await cache.getOrSet(`ctx:dreams:${randomUUID()}`, async () => rows, policy);
}

function usedMb(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}

// The first visits compile the code, so that only the entries are counted later.
await visit(createCache({ store: memory({ maxBytes: 1024 * 1024 }), background }), 5_000);
const before = usedMb();
const cache = createCache({ store: memory(), background });
await visit(cache, people);
const grown = usedMb() - before;
// Read at the end, so that the store still exists when it is measured.
await cache.get("ctx:dreams:nobody", policy);
process.send?.(grown);
process.disconnect();
