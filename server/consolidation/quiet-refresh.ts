import type { Clock } from "@/server/clock";

export interface QuietRefreshOptions {
  /** Finds the patterns of one person. Never rejects. */
  refresh(userId: string): Promise<unknown>;
  clock: Pick<Clock, "elapsed" | "every">;
}

/** A person who has written nothing for this long counts as having stopped, in milliseconds. */
const QUIET_MS = 10 * 60_000;
const LOOK_MS = 60_000;
/** People beyond this number are left to the schedule. */
const MOST_PEOPLE = 10_000;

/**
 * Finds the patterns of people who have stopped writing, once for all that they wrote, so that their next conversation
 * has them. For long-lived processes; people who still wait when the process ends are left to the schedule.
 */
export class QuietRefresh {
  /** When each person last wrote, the longest ago first. */
  readonly #wroteAt = new Map<string, number>();
  readonly #options: QuietRefreshOptions;
  #refreshing = false;

  constructor(options: QuietRefreshOptions) {
    this.#options = options;
  }

  /** Begins to look for people who have stopped writing. Returns a function that ends it. */
  start(): () => void {
    return this.#options.clock.every(LOOK_MS, () => void this.#refreshQuiet());
  }

  /** Notes that a person has just written something. */
  wrote(userId: string): void {
    this.#wroteAt.delete(userId);
    if (this.#wroteAt.size < MOST_PEOPLE) this.#wroteAt.set(userId, this.#options.clock.elapsed());
  }

  async #refreshQuiet(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    const { clock, refresh } = this.#options;
    for (const [userId, wroteAt] of this.#wroteAt) {
      if (clock.elapsed() - wroteAt < QUIET_MS) break;
      this.#wroteAt.delete(userId);
      await refresh(userId);
    }
    this.#refreshing = false;
  }
}
