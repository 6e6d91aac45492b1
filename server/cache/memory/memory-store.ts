import { LRUCache } from "lru-cache";
import type { MonotonicClock } from "../clock";
import { monotonicClock } from "../clock";
import type { BreakerState } from "../events";
import { ENTRY_OVERHEAD_BYTES, entryBytes, entryId } from "../protocol/entry-id";
import { patienceOf } from "../protocol/lease-token";
import { freshness } from "../protocol/policy";
import { SETTLED_MS } from "../protocol/scripts";
import type { CacheStore, EntryName, FillRequest, LeaseState, ReadReply, ReadRequest } from "../protocol/store";

interface Entry {
  payload: string;
  /** The stamps of its key and its tags at the time its lease was granted. */
  stamps: readonly number[];
  bornAt: number;
  endsAt: number;
}

interface Lease {
  token: string;
  stamps: readonly number[];
  grantedAt: number;
  /** When its holder last signalled that it is still loading. */
  signAt: number;
  endsAt: number;
}

/**
 * How many writes of the last minute are remembered. A notification of a forgotten write invalidates, which is always
 * correct.
 */
const MAX_SETTLED = 10_000;

export interface MemoryStoreOptions {
  /** The cap on all that is held, in bytes. The least recently used entries are evicted first. Default 64 MB. */
  maxBytes?: number;
  clock?: MonotonicClock;
}

/** The same protocol as over Redis, in one process. */
export class MemoryStore implements CacheStore {
  readonly #clock: MonotonicClock;
  readonly #entries: LRUCache<string, Entry>;
  /**
   * For each name, a number that was never used before. Entries and leases count only while their key and tags have the
   * stamps under which they were granted, so evicting a stamp outdates the entries under it.
   */
  readonly #stamps: LRUCache<string, number>;
  readonly #leases = new Map<string, Lease>();
  /** For each name, when each writer's block ends. */
  readonly #fences = new Map<string, Map<string, number>>();
  /** The writes that were settled recently, by token. */
  readonly #settled = new LRUCache<string, { names: readonly string[]; at: number }>({ max: MAX_SETTLED });
  /** The versions of all entries that were ever read here. */
  readonly #versions = new Set<number>();
  #lastStamp = 0;

  constructor({ maxBytes = 64 * 1024 * 1024, clock = monotonicClock }: MemoryStoreOptions = {}) {
    this.#clock = clock;
    this.#entries = new LRUCache({ maxSize: maxBytes, sizeCalculation: (entry, id) => entryBytes(id, entry.payload) });
    // Limited by size, because LRUCache allocates a limit by number at once.
    this.#stamps = new LRUCache({ maxSize: Math.ceil(maxBytes / ENTRY_OVERHEAD_BYTES), sizeCalculation: () => 1 });
  }

  async readOrLease(request: ReadRequest): Promise<ReadReply> {
    const now = this.#clock.elapsed();
    this.#versions.add(request.version);
    const entry = this.#live(request, now);
    if (!entry) return this.#reply(undefined, request, now);
    const stored = { payload: entry.payload, ageMs: now - entry.bornAt };
    const state = freshness(stored.ageMs, request);
    if (state === "fresh") return { entry: stored, lease: { kind: "none" }, corrupt: false };
    return this.#reply(state === "aging" || request.wantExpired ? stored : undefined, request, now);
  }

  async fill({ payload, keepMs, lease, ...entry }: FillRequest): Promise<boolean> {
    const id = entryId(entry);
    const held = this.#lease(id, this.#clock.elapsed());
    if (held?.token !== lease.token || !this.#areStamped(entry, held.stamps)) return false;
    const { grantedAt: bornAt, stamps } = held;
    this.#leases.delete(id);
    this.#entries.set(id, { payload, stamps, bornAt, endsAt: bornAt + keepMs });
    return true;
  }

  async renew(entry: EntryName, token: string): Promise<void> {
    const held = this.#leases.get(entryId(entry));
    if (held?.token === token) held.signAt = this.#clock.elapsed();
  }

  async abandon(entry: EntryName, token: string): Promise<void> {
    const id = entryId(entry);
    if (this.#leases.get(id)?.token === token) this.#leases.delete(id);
  }

  async invalidate(names: readonly string[], newsOf?: string): Promise<void> {
    const settled = newsOf === undefined ? undefined : this.#settled.get(newsOf);
    const remembered = settled !== undefined && this.#clock.elapsed() - settled.at < SETTLED_MS;
    for (const name of names) {
      if (!remembered || !settled.names.includes(name)) this.#outdate(name);
    }
  }

  async fence(names: readonly string[], token: string, ms: number): Promise<void> {
    const now = this.#clock.elapsed();
    this.#sweepFences(now);
    for (const name of names) {
      this.#outdate(name);
      const writers = this.#fences.get(name) ?? new Map<string, number>();
      this.#fences.delete(name);
      this.#fences.set(name, writers.set(token, now + ms));
    }
  }

  async release(names: readonly string[], token: string, settled: boolean): Promise<void> {
    for (const name of names) {
      this.#outdate(name);
      const writers = this.#fences.get(name);
      writers?.delete(token);
      if (writers?.size === 0) this.#fences.delete(name);
    }
    if (settled) this.#settled.set(token, { names, at: this.#clock.elapsed() });
  }

  breakerState(): BreakerState {
    return "closed";
  }

  async ready(): Promise<void> {}

  async close(): Promise<void> {}

  /** The size of all that is held, in bytes, as counted against the cap. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  #reply(entry: ReadReply["entry"], request: ReadRequest, now: number): ReadReply {
    return { entry, lease: this.#takeLease(request, now), corrupt: false };
  }

  #takeLease(request: ReadRequest, now: number): LeaseState {
    const { lease } = request;
    if (!lease) return { kind: "none" };
    const names = [request.key, ...request.tags];
    if (names.some((name) => this.#fenced(name, now))) return { kind: "blocked" };
    const id = entryId(request);
    const held = this.#lease(id, now);
    const silentMs = held ? now - held.signAt : 0;
    if (held && this.#areStamped(request, held.stamps) && silentMs <= (patienceOf(held.token) ?? silentMs)) {
      return { kind: "held", token: held.token };
    }
    this.#sweepLeases(now);
    this.#leases.delete(id);
    const stamps = names.map((name) => this.#stampOf(name));
    this.#leases.set(id, { token: lease.token, stamps, grantedAt: now, signAt: now, endsAt: now + lease.ms });
    return { kind: "granted", token: lease.token };
  }

  #live(request: ReadRequest, now: number): Entry | undefined {
    const id = entryId(request);
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    if (now < entry.endsAt && this.#areStamped(request, entry.stamps)) return entry;
    this.#entries.delete(id);
    return undefined;
  }

  #lease(id: string, now: number): Lease | undefined {
    const lease = this.#leases.get(id);
    return lease && now < lease.endsAt ? lease : undefined;
  }

  #fenced(name: string, now: number): boolean {
    const writers = this.#fences.get(name);
    return writers !== undefined && [...writers.values()].some((endsAt) => now < endsAt);
  }

  #outdate(name: string): void {
    this.#stamps.delete(name);
    for (const version of this.#versions) {
      const id = entryId({ key: name, version });
      this.#entries.delete(id);
      this.#leases.delete(id);
    }
  }

  #stampOf(name: string): number {
    const known = this.#stamps.get(name);
    if (known !== undefined) return known;
    this.#lastStamp += 1;
    this.#stamps.set(name, this.#lastStamp);
    return this.#lastStamp;
  }

  #areStamped({ key, tags }: { key: string; tags: readonly string[] }, stamps: readonly number[]): boolean {
    if (stamps.length !== tags.length + 1 || this.#stamps.get(key) !== stamps[0]) return false;
    return tags.every((tag, index) => this.#stamps.get(tag) === stamps[index + 1]);
  }

  // Both maps are in the order of granting, so abandoned leases collect at the front.
  #sweepLeases(now: number): void {
    for (const [id, lease] of this.#leases) {
      if (now < lease.endsAt) return;
      this.#leases.delete(id);
    }
  }

  #sweepFences(now: number): void {
    for (const [name] of this.#fences) {
      if (this.#fenced(name, now)) return;
      this.#fences.delete(name);
    }
  }
}
