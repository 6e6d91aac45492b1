import type { Figures } from "./figures";
import { KEPT_SLOTS } from "./slots";
import type { InsightsStore, SlotEntry } from "./store";

/** Keeps the figures in this process only; they are lost when it ends. */
export class MemoryInsightsStore implements InsightsStore {
  readonly kind = "memory";
  readonly #slots = new Map<number, Map<string, Figures>>();
  #newest = 0;

  async write(process: string, entries: readonly SlotEntry[]): Promise<void> {
    for (const { slot, figures } of entries) {
      const ofSlot = this.#slots.get(slot) ?? new Map<string, Figures>();
      this.#slots.set(slot, ofSlot.set(process, figures));
      this.#newest = Math.max(this.#newest, slot);
    }
    for (const slot of this.#slots.keys()) if (slot <= this.#newest - KEPT_SLOTS) this.#slots.delete(slot);
  }

  async read(slots: readonly number[]): Promise<Figures[][]> {
    return slots.map((slot) => [...(this.#slots.get(slot)?.values() ?? [])]);
  }

  /** How many slots are held. */
  get size(): number {
    return this.#slots.size;
  }
}
