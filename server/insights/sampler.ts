import type { Clock } from "@/server/clock";
import type { MetricsSnapshot } from "@/server/telemetry/snapshot";
import type { Figures } from "./figures";
import { acrossTime, figuresBetween, isEmpty } from "./figures";
import type { PeopleSeen } from "./people";
import { isClosed, slotAt } from "./slots";
import type { InsightsStore } from "./store";

export interface SamplerOptions {
  /** All figures of this process since it started. */
  snapshot: () => Promise<MetricsSnapshot>;
  /** The people who were active in this process since the last sample. */
  people: Pick<PeopleSeen, "take">;
  store: InsightsStore;
  clock: Pick<Clock, "now">;
  /** Identifies this process among those that write to the store. */
  process: string;
}

/**
 * Writes this process's figures to the store. Everything is counted exactly once: a slot is always written as a whole,
 * so a write whose outcome is unknown can be repeated. Slots that cannot be written wait, and are dropped when they
 * close.
 */
export class Sampler {
  readonly #options: SamplerOptions;
  #last: MetricsSnapshot | undefined;
  readonly #open = new Map<number, Figures>();
  /** The slots that changed since they were last written. */
  readonly #unwritten = new Set<number>();
  #running: Promise<boolean> = Promise.resolve(true);

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  /** The figures of this process in the slots that are not closed yet. */
  get open(): ReadonlyMap<number, Figures> {
    return this.#open;
  }

  /**
   * Writes to the store, and returns whether everything is written.
   * @throws when this process's own figures cannot be read, because its telemetry was shut down.
   */
  sample(): Promise<boolean> {
    // Samples run one after another, so that each count belongs to exactly one of them.
    const sampled = this.#running.then(() => this.#sampleNow());
    this.#running = sampled.catch(() => false);
    return sampled;
  }

  async #sampleNow(): Promise<boolean> {
    const now = this.#options.clock.now();
    const current = await this.#options.snapshot();
    const counted = { ...figuresBetween(this.#last, current), people: this.#options.people.take() };
    this.#last = current;
    if (!isEmpty(counted)) {
      const slot = slotAt(now);
      const before = this.#open.get(slot);
      this.#open.set(slot, before ? acrossTime([before, counted]) : counted);
      this.#unwritten.add(slot);
    }
    const written = await this.#write();
    this.#forget(now);
    return written;
  }

  async #write(): Promise<boolean> {
    const { store, process } = this.#options;
    const entries = [...this.#open]
      .filter(([slot]) => this.#unwritten.has(slot))
      .map(([slot, figures]) => ({ slot, figures }));
    if (entries.length === 0) return true;
    try {
      await store.write(process, entries);
      this.#unwritten.clear();
      return true;
    } catch {
      // The store logs it. The next sample tries again.
      return false;
    }
  }

  #forget(now: number): void {
    for (const slot of this.#open.keys()) {
      if (!isClosed(slot, now)) continue;
      this.#open.delete(slot);
      this.#unwritten.delete(slot);
    }
  }
}
