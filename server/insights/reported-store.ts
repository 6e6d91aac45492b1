import type { Logger } from "@/server/telemetry/logger";
import type { Figures } from "./figures";
import type { InsightsStore, SlotEntry } from "./store";

/** Logs when the store becomes unreachable and when it is reachable again, instead of at every attempt. */
export class ReportedInsightsStore implements InsightsStore {
  readonly kind;
  readonly #store: InsightsStore;
  readonly #logger: Logger;
  #reachable = true;

  constructor(store: InsightsStore, logger: Logger) {
    this.kind = store.kind;
    this.#store = store;
    this.#logger = logger;
  }

  write(process: string, entries: readonly SlotEntry[]): Promise<void> {
    return this.#report(() => this.#store.write(process, entries));
  }

  read(slots: readonly number[]): Promise<Figures[][]> {
    return this.#report(() => this.#store.read(slots));
  }

  async #report<T>(run: () => Promise<T>): Promise<T> {
    try {
      const result = await run();
      if (!this.#reachable) this.#logger.info("insights store reached again");
      this.#reachable = true;
      return result;
    } catch (err) {
      if (this.#reachable) this.#logger.warn({ err }, "insights store not reachable");
      this.#reachable = false;
      throw err;
    }
  }
}
