import { LRUCache } from "lru-cache";
import type { MonotonicClock } from "../clock";
import type { BreakerState } from "../events";
import { entryBytes, entryId } from "../protocol/entry-id";
import { hashTagged } from "../protocol/hash-tag";
import type {
  CacheStore,
  EntryName,
  FillRequest,
  InvalidationFeed,
  OutdatedListener,
  ReadReply,
  ReadRequest,
  StoredValue,
} from "../protocol/store";

export interface NearOptions {
  /** The cap on what is kept in this process, in bytes. The least recently used entries are evicted first. */
  maxBytes: number;
  /**
   * Whether the running code has to see a write that may have been acknowledged by another process less than
   * `NEAR_LAG_MS` ago. Its reads then go to the store. Default: never.
   */
  bypass?: () => boolean;
}

/**
 * The longest time, in milliseconds, for which an entry is served from this process after another process has outdated
 * it. The feed asks several times as often, so that a single late answer changes nothing.
 */
export const NEAR_LAG_MS = 1_000;

/** An entry that is being read or kept. */
interface Place {
  readonly id: string;
  readonly names: readonly string[];
  outdated: boolean;
}

interface NearEntry {
  readonly place: Place;
  readonly stored: StoredValue;
  /** When its read was sent. Its age is at least the age in the reply plus the time since then. */
  readonly readAt: number;
}

interface NearStoreOptions extends NearOptions {
  store: CacheStore;
  follow: (listener: Omit<OutdatedListener, "refused">) => InvalidationFeed;
  clock: MonotonicClock;
}

/**
 * Keeps entries of a shared store in this process, as long as the store confirms that every invalidation has been
 * heard. An entry is served from here only if the feed has confirmed, within the last `NEAR_LAG_MS`, that it was not
 * outdated by then. Everything else goes to the store, so a feed that is late, lost or refused costs a round trip, and
 * nothing else.
 */
export class NearStore implements CacheStore {
  readonly #store: CacheStore;
  readonly #clock: MonotonicClock;
  readonly #bypass: () => boolean;
  readonly #feed: InvalidationFeed;
  readonly #entries: LRUCache<string, NearEntry>;
  /** The places under each name that outdates them, while they are being read or kept. */
  readonly #places = new Map<string, Set<Place>>();

  constructor({ store, follow, clock, maxBytes, bypass = () => false }: NearStoreOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#bypass = bypass;
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ stored }, id) => entryBytes(id, stored.payload),
      dispose: ({ place }) => this.#leave(place),
    });
    this.#feed = follow({
      outdated: (names) => this.#outdate(names),
      lost: () => this.#outdate([...this.#places.keys()]),
    });
  }

  /** What is kept, in bytes, as counted against the cap. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  /** Whether entries can be served from here now. */
  get isLive(): boolean {
    const silentMs = this.#clock.elapsed() - this.#feed.heardUntil;
    // Negative after the clock was set back.
    return silentMs >= 0 && silentMs <= NEAR_LAG_MS;
  }

  async readOrLease(request: ReadRequest): Promise<ReadReply> {
    const readAt = this.#clock.elapsed();
    const near = this.#find(request, readAt);
    if (near) return near;
    // Without a feed nobody would say that the entry is outdated.
    if (this.#feed.heardUntil === Number.NEGATIVE_INFINITY) return this.#store.readOrLease(request);
    const place = this.#enter(request);
    try {
      const reply = await this.#store.readOrLease(request);
      if (reply.entry && reply.entry.ageMs < request.agingMs) this.#keep({ place, stored: reply.entry, readAt });
      // The report of what outdated it may be late, and readers of one repeated read do not all bypass what is near.
      else if (!reply.entry) this.#entries.delete(place.id);
      return reply;
    } finally {
      if (this.#entries.peek(place.id)?.place !== place) this.#leave(place);
    }
  }

  fill(request: FillRequest): Promise<boolean> {
    return this.#store.fill(request);
  }

  renew(entry: EntryName, token: string): Promise<void> {
    return this.#store.renew(entry, token);
  }

  abandon(entry: EntryName, token: string): Promise<void> {
    return this.#store.abandon(entry, token);
  }

  invalidate(names: readonly string[], newsOf?: string): Promise<void> {
    return this.#outdating(names, () => this.#store.invalidate(names, newsOf));
  }

  fence(names: readonly string[], token: string, ms: number): Promise<void> {
    return this.#outdating(names, () => this.#store.fence(names, token, ms));
  }

  release(names: readonly string[], token: string, settled: boolean): Promise<void> {
    return this.#outdating(names, () => this.#store.release(names, token, settled));
  }

  breakerState(): BreakerState {
    return this.#store.breakerState();
  }

  ready(): Promise<void> {
    return this.#store.ready();
  }

  async close(): Promise<void> {
    this.#feed.close();
    await this.#store.close();
  }

  #find(request: ReadRequest, now: number): ReadReply | undefined {
    const kept = this.#entries.get(entryId(request));
    if (!kept || !this.isLive || now < kept.readAt || this.#bypass()) return undefined;
    const ageMs = kept.stored.ageMs + now - kept.readAt;
    // The store decides who refreshes an aging entry.
    if (ageMs >= request.agingMs) return undefined;
    const { payload } = kept.stored;
    return { entry: { payload, ageMs }, lease: { kind: "none" }, corrupt: false, near: true };
  }

  /**
   * Entries that this process outdates are gone before and after the request: a read that is sent meanwhile may still
   * be answered from before it.
   */
  async #outdating(names: readonly string[], request: () => Promise<void>): Promise<void> {
    const tagged = names.map(hashTagged);
    this.#outdate(tagged);
    try {
      await request();
    } finally {
      this.#outdate(tagged);
    }
  }

  #outdate(names: readonly string[]): void {
    for (const name of names) {
      for (const place of [...(this.#places.get(name) ?? [])]) {
        place.outdated = true;
        if (this.#entries.peek(place.id)?.place === place) this.#entries.delete(place.id);
      }
    }
  }

  #keep(entry: NearEntry): void {
    if (!entry.place.outdated) this.#entries.set(entry.place.id, entry);
  }

  #enter(request: ReadRequest): Place {
    const names = [request.key, ...request.tags].map(hashTagged);
    const place = { id: entryId(request), names, outdated: false };
    for (const name of names) {
      const places = this.#places.get(name);
      if (places) places.add(place);
      else this.#places.set(name, new Set([place]));
    }
    return place;
  }

  #leave(place: Place): void {
    for (const name of place.names) {
      const places = this.#places.get(name);
      places?.delete(place);
      if (places?.size === 0) this.#places.delete(name);
    }
  }
}
