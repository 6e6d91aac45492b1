import { expect, it } from "vitest";
import { noFigures } from "@/server/insights/figures";
import { MemoryInsightsStore } from "@/server/insights/memory-store";
import { KEEP_MS, KEPT_SLOTS, SLOT_MS, slotAt } from "@/server/insights/slots";
import { NOON } from "./process";
import { insightsStoreContract } from "./store-contract";

insightsStoreContract("MemoryInsightsStore", () => new MemoryInsightsStore());

it("keeps one day, however long the process runs", async () => {
  const store = new MemoryInsightsStore();
  for (let ms = 0; ms < 1.2 * KEEP_MS; ms += SLOT_MS) {
    await store.write("a", [{ slot: slotAt(NOON + ms), figures: { ...noFigures(), waiting: 1 } }]);
  }
  expect(store.size).toBe(KEPT_SLOTS);
  const newest = slotAt(NOON + 1.2 * KEEP_MS - SLOT_MS);
  const [dayOld, older] = await store.read([newest - KEPT_SLOTS + 1, newest - KEPT_SLOTS]);
  expect(dayOld).toHaveLength(1);
  expect(older).toEqual([]);
});
