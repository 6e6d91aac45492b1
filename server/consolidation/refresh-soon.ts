import type { Clock } from "@/server/clock";

export interface RefreshSoonOptions {
  /** Finds the patterns of one person. Never rejects. */
  refresh(userId: string): Promise<unknown>;
  clock: Pick<Clock, "elapsed" | "every">;
}

/** How long a person has written nothing when they count as having stopped, in milliseconds. */
const QUIET_MS = 10 * 60_000;
const LOOK_MS = 60_000;
/** Whoever does not fit is left to the schedule. */
const MOST_PEOPLE = 10_000;

/**
 * Finds the patterns of whoever has stopped writing, once for all that they wrote, so that the next conversation knows of
 * this one. For processes that live on; what is still waiting when one ends is left to the schedule.
 */
export class RefreshSoon {
  /** When each person last wrote, the longest quiet first. */
  readonly #wroteAt = new Map<string, number>();
  readonly #options: RefreshSoonOptions;
  #refreshing = false;

  constructor(options: RefreshSoonOptions) {
    this.#options = options;
  }

  /** Begins to look who has stopped; returns what ends it. */
  start(): () => void {
    return this.#options.clock.every(LOOK_MS, () => void this.#refreshQuiet());
  }

  /** Notes that a person wrote something just now. */
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
