import { createHash } from "node:crypto";

/**
 * People are counted without keeping their ids: each id is hashed into one of so many buckets, and the share of filled
 * buckets tells how many people there were (linear counting: Whang, Vander-Zanden and Taylor, 1990). Buckets of several
 * processes and periods can be joined without counting anybody twice. The error is about 1 % up to 20,000 people.
 */
const BUCKETS = 16_384;

/** The people whom a process has seen since it was asked last. */
export class PeopleSeen {
  #buckets = new Set<number>();

  see(userId: string): void {
    this.#buckets.add(createHash("sha256").update(userId).digest().readUInt32BE(0) % BUCKETS);
  }

  /** The filled buckets, which are empty again afterwards. */
  take(): number[] {
    const taken = [...this.#buckets];
    this.#buckets = new Set();
    return taken;
  }
}

/** How many people filled these buckets. */
export function estimatePeople(buckets: readonly number[]): number {
  // With all buckets filled any number is possible; this is the largest that can be told.
  const empty = Math.max(1, BUCKETS - buckets.length);
  return Math.round(BUCKETS * Math.log(BUCKETS / empty));
}
