import type { ResolvedPolicy } from "./protocol/policy";

/** How late a sign of life from a busy process can be, in milliseconds. */
const SHORTEST_MS = 300;
/** How much longer than usual a load may take, as a factor. */
const MARGIN = 1.5;
/** The weight of the latest load in the average. */
const WEIGHT = 0.3;

/** How long loads of each kind usually take in this process; entries of one kind share a policy. */
export class LoadTimes {
  readonly #averages = new WeakMap<ResolvedPolicy, number>();

  add(kind: ResolvedPolicy, ms: number): void {
    const average = this.#averages.get(kind);
    this.#averages.set(kind, average === undefined ? ms : average + WEIGHT * (ms - average));
  }

  /** How long other processes should wait for a sign of life from a load of this kind, in milliseconds. */
  patienceMs(kind: ResolvedPolicy): number {
    const usual = this.#averages.get(kind) ?? 0;
    return Math.min(kind.leaseMs, Math.max(SHORTEST_MS, usual * MARGIN));
  }
}
