import { LRUCache } from "lru-cache";
import type { Clock } from "../clock";
import { systemClock } from "../clock";
import type { BreakerState } from "../events";
import { patienceOf } from "../protocol/lease-token";
import { freshness } from "../protocol/policy";
import { SETTLED_MS } from "../protocol/scripts";
import type { CacheStore, FillRequest, LeaseState, ReadReply, ReadRequest } from "../protocol/store";

interface Entry {
  payload: string;
  version: number;
  bornAt: number;
  endsAt: number;
}

interface Lease {
  token: string;
  grantedAt: number;
  /** When its holder last said that they are still loading. */
  signAt: number;
  endsAt: number;
}

/** Writes of the last minute that are remembered. News of one that is forgotten invalidates, which is never wrong. */
const MAX_SETTLED = 10_000;

export interface MemoryStoreOptions {
  /** The cap on everything held, in bytes. The least recently used entries go first. Default 64 MB. */
  maxBytes?: number;
  clock?: Clock;
}

/** The same protocol as over Redis, for one process. */
export class MemoryStore implements CacheStore {
  readonly #clock: Clock;
  readonly #entries: LRUCache<string, Entry>;
  readonly #leases = new Map<string, Lease>();
  /** Per key, when each writer's block ends. */
  readonly #fences = new Map<string, Map<string, number>>();
  /** By its token, each write that was settled lately. */
  readonly #settled = new LRUCache<string, { keys: readonly string[]; at: number }>({ max: MAX_SETTLED });

  constructor({ maxBytes = 64 * 1024 * 1024, clock = systemClock }: MemoryStoreOptions = {}) {
    this.#clock = clock;
    this.#entries = new LRUCache({ maxSize: maxBytes, sizeCalculation: (entry, key) => bytesOf(key, entry.payload) });
  }

  async readOrLease(request: ReadRequest): Promise<ReadReply> {
    const now = this.#clock.now();
    const entry = this.#live(request.key, now);
    if (!entry || entry.version !== request.version) return this.#reply(undefined, request, now);
    const stored = { payload: entry.payload, ageMs: now - entry.bornAt };
    const state = freshness(stored.ageMs, request);
    if (state === "fresh") return { entry: stored, lease: { kind: "none" }, corrupt: false };
    return this.#reply(state === "aging" || request.wantExpired ? stored : undefined, request, now);
  }

  async fill({ key, version, payload, keepMs, lease }: FillRequest): Promise<boolean> {
    const now = this.#clock.now();
    const held = this.#lease(key, now);
    if (held?.token !== lease.token) return false;
    const bornAt = held.grantedAt;
    this.#leases.delete(key);
    this.#entries.set(key, { payload, version, bornAt, endsAt: bornAt + keepMs });
    return true;
  }

  async renew(key: string, token: string): Promise<void> {
    const held = this.#leases.get(key);
    if (held?.token === token) held.signAt = this.#clock.now();
  }

  async abandon(key: string, token: string): Promise<void> {
    if (this.#leases.get(key)?.token === token) this.#leases.delete(key);
  }

  async invalidate(keys: readonly string[], newsOf?: string): Promise<void> {
    const settled = newsOf === undefined ? undefined : this.#settled.get(newsOf);
    const remembered = settled !== undefined && this.#clock.now() - settled.at < SETTLED_MS;
    for (const key of keys) {
      if (!remembered || !settled.keys.includes(key)) this.#remove(key);
    }
  }

  async fence(keys: readonly string[], token: string, ms: number): Promise<void> {
    const now = this.#clock.now();
    this.#sweepFences(now);
    for (const key of keys) {
      this.#remove(key);
      const writers = this.#fences.get(key) ?? new Map<string, number>();
      this.#fences.delete(key);
      this.#fences.set(key, writers.set(token, now + ms));
    }
  }

  async release(keys: readonly string[], token: string, settled: boolean): Promise<void> {
    for (const key of keys) {
      this.#remove(key);
      const writers = this.#fences.get(key);
      writers?.delete(token);
      if (writers?.size === 0) this.#fences.delete(key);
    }
    if (settled) this.#settled.set(token, { keys, at: this.#clock.now() });
  }

  breakerState(): BreakerState {
    return "closed";
  }

  async ready(): Promise<void> {}

  async close(): Promise<void> {}

  /** What is held, in bytes as counted against the cap. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  #reply(entry: ReadReply["entry"], request: ReadRequest, now: number): ReadReply {
    return { entry, lease: this.#takeLease(request, now), corrupt: false };
  }

  #takeLease({ key, lease }: ReadRequest, now: number): LeaseState {
    if (!lease) return { kind: "none" };
    if (this.#fenced(key, now)) return { kind: "blocked" };
    const held = this.#lease(key, now);
    if (held && now - held.signAt <= (patienceOf(held.token) ?? Number.POSITIVE_INFINITY)) {
      return { kind: "held", token: held.token };
    }
    this.#sweepLeases(now);
    this.#leases.delete(key);
    this.#leases.set(key, { token: lease.token, grantedAt: now, signAt: now, endsAt: now + lease.ms });
    return { kind: "granted", token: lease.token };
  }

  #live(key: string, now: number): Entry | undefined {
    const entry = this.#entries.get(key);
    if (!entry || now < entry.endsAt) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  #lease(key: string, now: number): Lease | undefined {
    const lease = this.#leases.get(key);
    return lease && now < lease.endsAt ? lease : undefined;
  }

  #fenced(key: string, now: number): boolean {
    const writers = this.#fences.get(key);
    return writers !== undefined && [...writers.values()].some((endsAt) => now < endsAt);
  }

  #remove(key: string): void {
    this.#entries.delete(key);
    this.#leases.delete(key);
  }

  // Both maps are in the order of granting, so what was left behind collects at the front.
  #sweepLeases(now: number): void {
    for (const [key, lease] of this.#leases) {
      if (now < lease.endsAt) return;
      this.#leases.delete(key);
    }
  }

  #sweepFences(now: number): void {
    for (const [key] of this.#fences) {
      if (this.#fenced(key, now)) return;
      this.#fences.delete(key);
    }
  }
}

/** What an entry costs beside its text: its object, its place in the LRU lists and in their map. */
const ENTRY_OVERHEAD_BYTES = 400;

function bytesOf(key: string, payload: string): number {
  return ENTRY_OVERHEAD_BYTES + key.length + payload.length * (isLatin1(payload) ? 1 : 2);
}

/** V8 keeps such text in one byte per character, and any other in two. */
function isLatin1(text: string): boolean {
  return !/[\u0100-\uffff]/.test(text);
}
