import type { Figures } from "./figures";

/** The figures of one process in one slot. */
export interface SlotEntry {
  slot: number;
  figures: Figures;
}

/** Keeps the figures of the last 24 hours, by slot. */
export interface InsightsStore {
  /** `redis`: shared by all processes. `memory`: only the figures of this process. */
  kind: "redis" | "memory";
  /**
   * Replaces what this process wrote for these slots.
   * @throws when the store cannot be reached.
   */
  write(process: string, entries: readonly SlotEntry[]): Promise<void>;
  /**
   * The figures of each process for each of the slots; empty for a slot without figures.
   * @throws when the store cannot be reached.
   */
  read(slots: readonly number[]): Promise<Figures[][]>;
}
