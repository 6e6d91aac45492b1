import type { Clock } from "@/server/clock";
import type { Figures } from "./figures";
import { acrossProcesses } from "./figures";
import { isClosed, KEPT_SLOTS } from "./slots";
import type { InsightsStore } from "./store";

/** Reads figures from the store, each closed slot only once. */
export class History {
  readonly #store: InsightsStore;
  readonly #clock: Pick<Clock, "now">;
  readonly #closed = new Map<number, Figures>();

  constructor(store: InsightsStore, clock: Pick<Clock, "now">) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * The sum of all processes in each of the slots `first` to `last`.
   * @throws when the store cannot be reached.
   */
  async read(first: number, last: number): Promise<Map<number, Figures>> {
    const now = this.#clock.now();
    const slots = range(first, last);
    const asked = slots.filter((slot) => !this.#closed.has(slot));
    const found = await this.#store.read(asked);
    const known = this.known(first, last);
    for (const [index, slot] of asked.entries()) {
      const figures = acrossProcesses(found[index] ?? []);
      known.set(slot, figures);
      if (isClosed(slot, now)) this.#closed.set(slot, figures);
    }
    for (const slot of this.#closed.keys()) if (slot <= last - KEPT_SLOTS) this.#closed.delete(slot);
    return known;
  }

  /** The same, as far as it is known without asking the store. */
  known(first: number, last: number): Map<number, Figures> {
    const known = new Map<number, Figures>();
    for (const slot of range(first, last)) {
      const figures = this.#closed.get(slot);
      if (figures !== undefined) known.set(slot, figures);
    }
    return known;
  }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
