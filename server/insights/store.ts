import type { Figures } from "./figures";

/** What one process counted in one slot. */
export interface SlotEntry {
  slot: number;
  figures: Figures;
}

/** Where the figures of the last 24 hours are kept, slot by slot. */
export interface InsightsStore {
  /** `redis`: all processes share it. `memory`: this process has only its own. */
  kind: "redis" | "memory";
  /**
   * Keeps what this process counted in these slots, in place of what it wrote there before.
   * @throws when the store cannot be reached.
   */
  write(process: string, entries: readonly SlotEntry[]): Promise<void>;
  /**
   * What each process counted, for each of the slots; slots of which nothing is known are empty.
   * @throws when the store cannot be reached.
   */
  read(slots: readonly number[]): Promise<Figures[][]>;
}
