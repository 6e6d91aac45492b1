import { describe, expect, it } from "vitest";
import { noFigures } from "@/server/insights/figures";
import { slotAt } from "@/server/insights/slots";
import type { InsightsStore } from "@/server/insights/store";
import { NOON } from "./process";

const counted = (reads: number) => ({
  ...noFigures(),
  counters: { "clarify.cache_reads?outcome=fresh&section=user": reads },
  distributions: { "clarify.cache_read_ms": { count: reads, sum: reads / 3, buckets: { "4": reads } } },
  people: [3, 4_000],
});
const SLOT = slotAt(NOON);

/** The contract of every insights store. */
export function insightsStoreContract(name: string, open: () => InsightsStore): void {
  describe(name, () => {
    it("returns what each process wrote, by slot", async () => {
      const store = open();
      await store.write("a", [
        { slot: SLOT, figures: counted(1) },
        { slot: SLOT + 1, figures: counted(2) },
      ]);
      await store.write("b", [{ slot: SLOT, figures: counted(30) }]);
      const [before, both, one] = await store.read([SLOT - 1, SLOT, SLOT + 1]);
      expect(before).toEqual([]);
      expect(both).toHaveLength(2);
      expect(both).toEqual(expect.arrayContaining([counted(1), counted(30)]));
      expect(one).toEqual([counted(2)]);
    });

    it("keeps the last write of a process, so that a repeated write counts once", async () => {
      const store = open();
      for (const reads of [1, 5, 5]) await store.write("a", [{ slot: SLOT, figures: counted(reads) }]);
      expect(await store.read([SLOT])).toEqual([[counted(5)]]);
    });
  });
}
