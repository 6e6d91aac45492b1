import type { ResolvedPolicy } from "./protocol/policy";

/** A process that is busy with itself can be late by this much with its sign of life, in milliseconds. */
const SHORTEST_MS = 300;
/** By how much a load may take longer than usual. */
const MARGIN = 1.5;
/** How much of the average the latest load is. */
const WEIGHT = 0.3;

/** How long loads of each kind usually take in this process; entries of one kind share a policy. */
export class LoadTimes {
  readonly #averages = new WeakMap<ResolvedPolicy, number>();

  add(kind: ResolvedPolicy, ms: number): void {
    const average = this.#averages.get(kind);
    this.#averages.set(kind, average === undefined ? ms : average + WEIGHT * (ms - average));
  }

  /** How long others should wait for a sign of life of a load of this kind, in milliseconds. */
  patienceMs(kind: ResolvedPolicy): number {
    const usual = this.#averages.get(kind) ?? 0;
    return Math.min(kind.leaseMs, Math.max(SHORTEST_MS, usual * MARGIN));
  }
}
