import type { BackgroundRunner } from "./background";
import { BackgroundWork, runDirectly } from "./background";
import type { MonotonicClock } from "./clock";
import { monotonicClock } from "./clock";
import { ConsistencyMonitor } from "./consistency-monitor";
import type { Entry, Outdated } from "./entry";
import { namesOf } from "./entry";
import type { BreakerState, CacheObserver } from "./events";
import { guardObserver } from "./guard-observer";
import { InvalidationQueue } from "./invalidation-queue";
import type { Loader } from "./loader";
import { within } from "./loader";
import type { NearOptions } from "./near/near-store";
import { NearStore } from "./near/near-store";
import { LeaseTokens } from "./protocol/lease-token";
import type { CachePolicy } from "./protocol/policy";
import { resolvePolicy } from "./protocol/policy";
import type { CacheStore, Kept, StoreFactory } from "./protocol/store";
import type { CacheRead } from "./reader";
import { Reader } from "./reader";
import { ReportedStore } from "./reported-store";
import { StartWatch } from "./start-watch";
import { isPassing } from "./transient";
import type { View } from "./view";
import { plainView } from "./view";
import type { WriteOptions } from "./writer";
import { Writer } from "./writer";

export interface CacheHealth {
  breaker: BreakerState;
  /** What is kept in this process of a shared store. Absent without `near`. */
  near?: { bytes: number; isLive: boolean } | undefined;
  /** Keys whose invalidation has not reached the store yet. */
  waitingInvalidations: number;
}

export interface CacheOptions {
  /**
   * `memory()`, `upstash({ … })` or `redis({ … })`. The cache passes it the background runner, the observer and the
   * clock.
   */
  store: StoreFactory;
  /** Default: the work runs without a keeper, for a process that outlives its requests. */
  background?: BackgroundRunner;
  observer?: CacheObserver;
  clock?: MonotonicClock;
  /** Called once, with a sentence, when the store has not worked since the start. Default: a warning of the process. */
  warn?: (message: string) => void;
  /**
   * Whether a load failed for a passing reason, so that an expired copy may be served instead. Default: every error
   * passes unless it says that it is a refusal, see `isPassing`.
   */
  isTransient?: (error: unknown) => boolean;
  /**
   * Wraps the function of each write. `writeId` names the write while that function runs. The database can store the id
   * with the changed rows and send it along with its notification, which passes it to `invalidate`.
   */
  aroundWrite?: <T>(writeId: string, fn: () => Promise<T>) => Promise<T>;
  /**
   * One in this many reads that the store answered is checked in the background: its loader runs again, and the
   * observer gets a `checked` event that says whether the entry equals what the loader returned. Default 0: no checks.
   */
  checkOneIn?: number;
  /**
   * For development: compares each loaded value with what will be read back from the store, and sends the observer a
   * `value-changed` event where they differ. Default false.
   */
  checkValues?: boolean;
  /**
   * Keeps entries of a shared store in this process as well, for processes that live long: a hit then needs no request.
   * What another process outdates is served here for `NEAR_LAG_MS` at most, one second; what this process outdates is
   * not. Default: nothing is kept.
   */
  near?: NearOptions | undefined;
  /**
   * How long a write may block filling, in milliseconds. The deadline of the write itself is 80 % of it. Default 5
   * seconds.
   */
  fenceMs?: number;
  /** How long a read waits for another reader's load before it loads by itself, in milliseconds. Default 2 seconds. */
  waitMs?: number;
}

export interface ReadOptions {
  /**
   * Names that outdate the entry in addition to its own key. A write or an invalidation that names a tag outdates all
   * entries with that tag, whoever owns them. All readers of a key must give the same tags. In a cluster of Redis, tags
   * must have the hash tag of the key.
   */
  tags?: readonly string[];
}

export interface Cache {
  /** The entry and its age in milliseconds; undefined when there is none or it has expired. Takes no lease. */
  get<T>(key: string, policy: CachePolicy, options?: ReadOptions): Promise<{ value: T; ageMs: number } | undefined>;
  /**
   * Produces a value and stores it in place of the current entry or load. The value is returned but not stored when a
   * write overtakes or overlaps it, or when another reader has begun a load in between. Rejects as `produce` does.
   */
  set<T>(key: string, produce: Loader<T>, policy: CachePolicy, options?: ReadOptions): Promise<T>;
  /** `invalidate` of one key. */
  del(key: string): Promise<void>;
  /**
   * The cached value, or the loaded one. Rejects only with the loader's own error or a `LoadTimeoutError`, and only
   * when no expired copy is held. The signal of `load` aborts at the policy's hard timeout.
   */
  getOrSet<T>(key: string, load: Loader<T>, policy: CachePolicy, options?: ReadOptions): Promise<CacheRead<T>>;
  /**
   * `getOrSet` of an entry: its key, tags, policy and loader belong together.
   * @throws {TypeError} when the entry's schema does not take the input.
   */
  read<T>(entry: Entry<void, T>): Promise<CacheRead<T>>;
  read<Input, T>(entry: Entry<Input, T>, input: Input): Promise<CacheRead<T>>;
  /** With a view, the reader gets what the view makes of the value. */
  read<Input, T, Seen>(entry: Entry<Input, T>, input: Input, view: View<T, Seen>): Promise<CacheRead<Seen>>;
  /**
   * Runs a write. No read that starts after it returned sees an earlier value under these keys and tags, in this
   * release or another. The signal of `fn` aborts before the block on filling ends. Rejects only with what `fn` rejects
   * with.
   */
  write<T>(outdated: Outdated, fn: (signal: AbortSignal) => Promise<T>, options?: WriteOptions): Promise<T>;
  /**
   * No read that starts after it returned sees an earlier value. Never rejects: an invalidation that cannot reach the
   * store is retried. `newsOf` is the id of the write that this invalidation reports, see `aroundWrite`. If that write
   * has returned, it has outdated these keys and tags itself, and entries that were loaded since then stay.
   */
  invalidate(outdated: Outdated, options?: { newsOf?: string | undefined }): Promise<void>;
  health(): CacheHealth;
  /** @throws {StoreNotReadyError} whose message says what is wrong, when the store cannot be used. */
  ready(): Promise<void>;
  /** Waits for fills, refreshes and retries, for 10 seconds at most, and frees the store's sockets. */
  close(): Promise<void>;
}

const DEFAULT_FENCE_MS = 5_000;
const DEFAULT_WAIT_MS = 2_000;
/** Longer than a round of retries. */
const CLOSE_MS = 10_000;
/**
 * Makes a cache over one store.
 * @throws {TypeError} with `near`, when the store cannot report what other processes outdate.
 */
export function createCache(options: CacheOptions): Cache {
  return new Engine(options);
}

function warnOfProcess(message: string): void {
  process.emitWarning(message, { type: "CacheWarning" });
}

class Engine implements Cache {
  readonly #store: CacheStore;
  readonly #near: NearStore | undefined;
  readonly #work: BackgroundWork;
  readonly #clock: MonotonicClock;
  readonly #invalidations: InvalidationQueue;
  readonly #reader: Reader;
  readonly #writer: Writer;

  constructor(options: CacheOptions) {
    const { background = runDirectly, clock = monotonicClock, warn = warnOfProcess, checkOneIn = 0 } = options;
    const { fenceMs = DEFAULT_FENCE_MS, waitMs = DEFAULT_WAIT_MS } = options;
    const { checkValues = false, isTransient = isPassing, aroundWrite = (_writeId, fn) => fn() } = options;
    const observer = guardObserver(options.observer, warn);
    const work = new BackgroundWork(background, observer);
    const bare = options.store({ observer, background: work, clock });
    const watch = new StartWatch({ ready: () => bare.ready(), keep: (name, task) => work.run(name, task), warn });
    const reported = new ReportedStore({ store: bare, clock, observer, watch });
    this.#near = options.near && nearStore(reported, bare, { ...options.near, clock, observer });
    const store = this.#near ?? reported;
    const keep = (name: string, task: Promise<void>) => work.run(name, () => task);
    const invalidations = new InvalidationQueue({ clock, observer, store, keep });
    bare.onReconnect?.(() => invalidations.repeatRecent());
    const monitor = new ConsistencyMonitor({ checkOneIn, store, clock, background: work, observer });
    const shared = { store, clock, tokens: new LeaseTokens(), invalidations };
    this.#store = store;
    this.#work = work;
    this.#clock = clock;
    this.#invalidations = invalidations;
    this.#reader = new Reader({ ...shared, work, observer, monitor, isTransient, checkValues, waitMs });
    this.#writer = new Writer({ ...shared, aroundWrite, fenceMs });
  }

  async get<T>(
    key: string,
    policy: CachePolicy,
    options?: ReadOptions,
  ): Promise<{ value: T; ageMs: number } | undefined> {
    this.#invalidations.retry();
    return this.#reader.peek(kept(key, policy, options));
  }

  async set<T>(key: string, produce: Loader<T>, policy: CachePolicy, options?: ReadOptions): Promise<T> {
    await this.invalidate([key]);
    return this.#reader.produce(kept(key, policy, options), produce);
  }

  del(key: string): Promise<void> {
    return this.invalidate([key]);
  }

  async getOrSet<T>(key: string, load: Loader<T>, policy: CachePolicy, options?: ReadOptions): Promise<CacheRead<T>> {
    this.#invalidations.retry();
    return this.#reader.read(kept(key, policy, options), load, plainView<T>());
  }

  read<T>(entry: Entry<void, T>): Promise<CacheRead<T>>;
  read<Input, T>(entry: Entry<Input, T>, input: Input): Promise<CacheRead<T>>;
  read<Input, T, Seen>(entry: Entry<Input, T>, input: Input, view: View<T, Seen>): Promise<CacheRead<Seen>>;
  async read<Input, T, Seen>(
    entry: Entry<Input, T>,
    input?: Input,
    view?: View<T, Seen>,
  ): Promise<CacheRead<T | Seen>> {
    const { key, tags, policy, load } = entry.at(input as Input);
    this.#invalidations.retry();
    return this.#reader.read<T, T | Seen>(kept(key, policy, { tags }), load, view ?? plainView<T>());
  }

  async write<T>(outdated: Outdated, fn: (signal: AbortSignal) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    this.#invalidations.retry();
    return this.#writer.write(namesOf(outdated), fn, options);
  }

  async invalidate(outdated: Outdated, { newsOf }: { newsOf?: string | undefined } = {}): Promise<void> {
    this.#invalidations.retry();
    await this.#writer.invalidate(namesOf(outdated), newsOf);
  }

  health(): CacheHealth {
    const near = this.#near && { bytes: this.#near.bytes, isLive: this.#near.isLive };
    return { breaker: this.#store.breakerState(), near, waitingInvalidations: this.#invalidations.size };
  }

  ready(): Promise<void> {
    return this.#store.ready();
  }

  async close(): Promise<void> {
    this.#invalidations.retry();
    // Work that has not finished by then is given up.
    await within(this.#work.idle(), CLOSE_MS, this.#clock).catch(() => {});
    await this.#store.close();
  }
}

function nearStore(
  store: CacheStore,
  { follow }: CacheStore,
  { observer, ...options }: NearOptions & { clock: MonotonicClock; observer: CacheObserver },
): NearStore {
  if (!follow) throw new TypeError("`near` needs a store that reports what other processes outdate: redis({ url })");
  const refused = (error: unknown) => observer({ type: "feed-refused", error });
  return new NearStore({ ...options, store, follow: (listener) => follow({ ...listener, refused }) });
}

const NO_TAGS: readonly string[] = [];

/** Sorts the tags, so that all readers of a key use the same order. */
function kept(key: string, policy: CachePolicy, { tags = NO_TAGS }: ReadOptions = {}): Kept {
  const sorted = tags.length < 2 ? tags : [...new Set(tags)].sort();
  return { key, tags: sorted, rules: resolvePolicy(policy) };
}
