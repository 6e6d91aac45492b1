import type { MonotonicClock } from "./clock";

/** How far a replica may be behind, in milliseconds, for its promotion to lose nothing. */
const KEPT_MS = 10_000;
/** About 20 MB of names. */
const CAPACITY = 100_000;

/**
 * The names that this process outdated in the last ten seconds. A Redis acknowledges a write before its replica has it, so
 * one that fails over may lose the latest invalidations and keep the entries.
 */
export class RecentInvalidations {
  /** Name → when it was outdated last, oldest first. */
  readonly #outdated = new Map<string, number>();

  constructor(private readonly clock: Pick<MonotonicClock, "elapsed">) {}

  add(names: readonly string[]): void {
    const now = this.clock.elapsed();
    for (const name of names) {
      this.#outdated.delete(name);
      this.#outdated.set(name, now);
    }
    for (const [name, at] of this.#outdated) {
      if (at > now - KEPT_MS && this.#outdated.size <= CAPACITY) break;
      this.#outdated.delete(name);
    }
  }

  names(): string[] {
    const since = this.clock.elapsed() - KEPT_MS;
    return [...this.#outdated].filter(([, at]) => at > since).map(([name]) => name);
  }
}
