import type { BackgroundRunner } from "./background";
import { BackgroundWork, runDirectly } from "./background";
import type { Clock } from "./clock";
import { systemClock } from "./clock";
import { decode, encode } from "./codec";
import { Companions } from "./companions";
import { ConsistencyMonitor } from "./consistency-monitor";
import { storeErrorCode, WriteTimeoutError } from "./errors";
import type { BreakerState, CacheObserver, ReadOutcome } from "./events";
import { guardObserver } from "./guard-observer";
import type { Loaded } from "./in-flight";
import { InFlightLoads, UnleasedLoads } from "./in-flight";
import { InvalidationQueue } from "./invalidation-queue";
import { LoadTimes } from "./load-times";
import type { Loader } from "./loader";
import { runLoader, SoftTimeout, within } from "./loader";
import { Polls } from "./polls";
import { isOwn, leaseToken, patienceOf } from "./protocol/lease-token";
import type { CachePolicy, ResolvedPolicy } from "./protocol/policy";
import { freshness, resolvePolicy } from "./protocol/policy";
import type { CacheStore, LeaseState, ReadReply, StoredValue, StoreFactory } from "./protocol/store";
import { plainRead } from "./protocol/store";
import { ReportedStore } from "./reported-store";
import { StartWatch } from "./start-watch";
import { isPassing } from "./transient";

export interface CacheRead<T> {
  value: T;
  outcome: ReadOutcome;
  /** How old the value is, in milliseconds; 0 when it was just loaded. */
  ageMs: number;
  /** What the store took, in milliseconds. */
  readMs: number;
  /** How long this read waited for a load, its own or another's, in milliseconds. */
  loadMs: number | undefined;
}

export interface CacheHealth {
  breaker: BreakerState;
  /** Keys whose invalidation has not reached the store yet. */
  waitingInvalidations: number;
}

export interface CacheOptions {
  /** `memory()`, `upstash({ … })` or `redis({ … })`; it is given the three below. */
  store: StoreFactory;
  /** Default: the work just runs, for a process that outlives its requests. */
  background?: BackgroundRunner;
  observer?: CacheObserver;
  clock?: Clock;
  /** Told once, in a sentence, when the store has not worked since the start. Default: a warning of the process. */
  warn?: (message: string) => void;
  /**
   * Whether a load failed for a passing reason, so that an expired copy may stand in. Default: unless the error says that
   * it is a refusal, see `isPassing`.
   */
  isTransient?: (error: unknown) => boolean;
  /**
   * Runs what a write does. `writeId` names the write for as long as that runs, so that the database can carry it along
   * to whoever is told of the changed rows, and they can hand it to `invalidate`.
   */
  aroundWrite?: <T>(writeId: string, fn: () => Promise<T>) => Promise<T>;
  /**
   * One in so many reads that the store answered is checked behind the read: its loader runs once more, and the observer
   * is told (`checked`) whether the entry is what it returned. Default 0: none.
   */
  checkOneIn?: number;
  /** How long a write may block filling, in milliseconds. The write's own deadline is 80 % of it. Default 5 seconds. */
  fenceMs?: number;
  /** How long a read waits for somebody else's load before it loads by itself, in milliseconds. Default 2 seconds. */
  waitMs?: number;
}

export interface WriteOptions {
  /**
   * `ahead` (default): the write waits until its fence is up, so that its process may die at any moment. `beside`: it
   * begins at once, a round trip sooner; a process that commits and dies before its fence has left leaves what was
   * there before until the TTL, or whoever else invalidates.
   */
  fence?: "ahead" | "beside";
}

export interface Cache {
  /** The entry and its age in milliseconds, if there is one that is not expired. Takes no lease. */
  get<T>(key: string, policy: CachePolicy): Promise<{ value: T; ageMs: number } | undefined>;
  /**
   * Stores a value that the caller knows to be current, in place of what is there or being loaded. Not stored while a
   * write is going on, nor where another reader got in between: what that one loads is as good.
   */
  set<T>(key: string, value: T, policy: CachePolicy): Promise<void>;
  /** `invalidate` of one key. */
  del(key: string): Promise<void>;
  /**
   * The cached value, or the loaded one. Rejects only with the loader's own error or a `LoadTimeoutError`, and only
   * where no expired copy is held. `load`'s signal aborts at the policy's hard timeout.
   */
  getOrSet<T>(key: string, load: (signal: AbortSignal) => Promise<T>, policy: CachePolicy): Promise<CacheRead<T>>;
  /**
   * Runs a write so that no read which starts after it returned sees what was there before. `fn`'s signal aborts
   * before the block on filling runs out. Rejects only with what `fn` rejects with.
   */
  write<T>(keys: readonly string[], fn: (signal: AbortSignal) => Promise<T>, options?: WriteOptions): Promise<T>;
  /**
   * After it returned no later read sees an older value. Never rejects: what cannot reach the store is retried.
   * `newsOf` is the id of the write whose news this is, see `aroundWrite`: where that write has returned, it has outdated
   * these keys itself, and what was loaded since then is left alone.
   */
  invalidate(keys: readonly string[], options?: { newsOf?: string | undefined }): Promise<void>;
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
/** The part of its patience after which a load that is still under way says so: there is time for two more tries. */
const RENEW_SHARE = 0.35;
/** The part of a fence that a write may use; the rest is for its release to arrive. */
const WRITE_SHARE = 0.8;

/** The engine over one store. */
export function createCache(options: CacheOptions): Cache {
  return new Engine(options);
}

function warnOfProcess(message: string): void {
  process.emitWarning(message, { type: "CacheWarning" });
}

/** One `getOrSet` on its way. */
interface Reading<T> {
  readonly key: string;
  readonly load: Loader<T>;
  readonly rules: ResolvedPolicy;
  readonly readMs: number;
  /** The reader was answered with a fallback: what still waits on its behalf must not begin a load of its own. */
  left: boolean;
}

type LoadMode = "awaited" | "background";

interface Answer<T> {
  readonly value: T;
  readonly outcome: ReadOutcome;
  readonly ageMs: number;
}

class Engine implements Cache {
  readonly #store: CacheStore;
  readonly #work: BackgroundWork;
  readonly #clock: Clock;
  readonly #emit: CacheObserver;
  readonly #aroundWrite: NonNullable<CacheOptions["aroundWrite"]>;
  readonly #fenceMs: number;
  readonly #waitMs: number;
  readonly #loads = new InFlightLoads();
  readonly #unleased = new UnleasedLoads();
  readonly #polls: Polls;
  readonly #invalidations: InvalidationQueue;
  readonly #loadTimes = new LoadTimes();
  readonly #companions: Companions;
  readonly #monitor: ConsistencyMonitor;
  readonly #isTransient: (error: unknown) => boolean;
  readonly #process = crypto.randomUUID();
  #tokens = 0;

  constructor(options: CacheOptions) {
    const { background = runDirectly, clock = systemClock, warn = warnOfProcess } = options;
    const { fenceMs, waitMs, isTransient = isPassing, aroundWrite = (_writeId, fn) => fn() } = options;
    const observer = guardObserver(options.observer, warn);
    const work = new BackgroundWork(background, observer);
    const store = options.store({ observer, background: work, clock });
    const watch = new StartWatch({ ready: () => store.ready(), keep: (name, task) => work.run(name, task), warn });
    this.#work = work;
    this.#store = new ReportedStore({ store, clock, observer, watch });
    this.#clock = clock;
    this.#emit = observer;
    this.#companions = new Companions(clock);
    const { checkOneIn = 0 } = options;
    this.#monitor = new ConsistencyMonitor({ checkOneIn, store: this.#store, clock, background: work, observer });
    this.#isTransient = isTransient;
    this.#aroundWrite = aroundWrite;
    this.#fenceMs = fenceMs ?? DEFAULT_FENCE_MS;
    this.#waitMs = waitMs ?? DEFAULT_WAIT_MS;
    this.#polls = new Polls(clock, this.#store);
    this.#invalidations = new InvalidationQueue({
      clock,
      observer,
      store: this.#store,
      keep: (name, task) => work.run(name, () => task),
    });
  }

  async get<T>(key: string, policy: CachePolicy): Promise<{ value: T; ageMs: number } | undefined> {
    this.#invalidations.retry();
    if (this.#invalidations.holds(key)) return undefined;
    const rules = resolvePolicy(policy);
    const reply = await this.#store.readOrLease(plainRead(key, rules)).catch(() => undefined);
    if (!reply?.entry || freshness(reply.entry.ageMs, rules) === "expired") return undefined;
    const decoded = this.#decode<T>(key, reply.entry);
    return decoded && { value: decoded.value, ageMs: reply.entry.ageMs };
  }

  async set<T>(key: string, value: T, policy: CachePolicy): Promise<void> {
    await this.invalidate([key]);
    const payload = this.#encode(key, value);
    if (payload === undefined || this.#invalidations.holds(key)) return;
    const rules = resolvePolicy(policy);
    const reply = await this.#readOrLease(key, rules).catch(() => undefined);
    if (reply?.lease.kind === "granted") await this.#fill(key, payload, reply.lease.token, rules);
  }

  del(key: string): Promise<void> {
    return this.invalidate([key]);
  }

  async getOrSet<T>(key: string, load: Loader<T>, policy: CachePolicy): Promise<CacheRead<T>> {
    const rules = resolvePolicy(policy);
    this.#invalidations.retry();
    if (this.#invalidations.holds(key)) return this.#withoutStore({ key, load, rules, readMs: 0, left: false });

    const asked = this.#clock.now();
    let reply: ReadReply;
    try {
      reply = await this.#readOrLease(key, rules);
    } catch {
      return this.#withoutStore({ key, load, rules, readMs: this.#since(asked), left: false });
    }
    const reading = { key, load, rules, readMs: this.#since(asked), left: false };
    const { entry, lease } = reply;
    const state = entry ? freshness(entry.ageMs, rules) : "expired";
    if (!entry || state === "expired") return this.#missed(reading, reply);
    const decoded = this.#decode<T>(key, entry);
    if (!decoded) return this.#replaceCorrupt(reading);
    if (this.#isFree(key, lease)) this.#loadUnder(reading, lease.token, "background");
    this.#monitor.served({ key, entry, load, rules });
    return this.#answer(reading, { value: decoded.value, outcome: state, ageMs: entry.ageMs });
  }

  async write<T>(
    keys: readonly string[],
    fn: (signal: AbortSignal) => Promise<T>,
    { fence = "ahead" }: WriteOptions = {},
  ): Promise<T> {
    const deadline = new AbortController();
    if (keys.length === 0) return fn(deadline.signal);
    this.#invalidations.retry();
    const token = this.#token(this.#fenceMs);
    // Counted from before the fence is sent, so that it ends before the fence does.
    const cancel = this.#clock.schedule(this.#fenceMs * WRITE_SHARE, () => deadline.abort(new WriteTimeoutError()));
    // What the write promises rests on its release: a fence that cannot be raised stops nothing.
    const raised = this.#store.fence(keys, token, this.#fenceMs).catch(ignore);
    // Whether a write that failed commits after all, nobody knows: the news of it has to invalidate.
    let settled = false;
    try {
      if (fence === "ahead") await raised;
      const result = await this.#aroundWrite(token, () => fn(deadline.signal));
      settled = true;
      return result;
    } finally {
      cancel();
      // A fence that went up behind its release would stay.
      await raised;
      await this.#invalidateBy(keys, () => this.#store.release(keys, token, settled));
    }
  }

  async invalidate(keys: readonly string[], { newsOf }: { newsOf?: string | undefined } = {}): Promise<void> {
    if (keys.length === 0) return;
    this.#invalidations.retry();
    // Keys that the store leaves alone have not been invalidated by this, and may be waiting to be.
    if (newsOf !== undefined) await this.#store.invalidate(keys, newsOf).catch(() => this.#invalidations.add(keys));
    else await this.#invalidateBy(keys, () => this.#store.invalidate(keys));
  }

  health(): CacheHealth {
    return { breaker: this.#store.breakerState(), waitingInvalidations: this.#invalidations.size };
  }

  ready(): Promise<void> {
    return this.#store.ready();
  }

  async close(): Promise<void> {
    this.#invalidations.retry();
    await within(this.#work.idle(), CLOSE_MS, this.#clock).catch(ignore);
    await this.#store.close();
  }

  /** There is nothing to serve but perhaps an expired copy: load, or wait for whoever does. */
  async #missed<T>(reading: Reading<T>, { entry, lease }: ReadReply): Promise<CacheRead<T>> {
    const begun = this.#clock.now();
    const copy = entry && this.#decode<T>(reading.key, entry);
    const obtaining = this.#obtain(reading, lease);
    if (!copy) return this.#answer(reading, await obtaining, this.#since(begun));
    try {
      const answer = await within(obtaining, reading.rules.softTimeoutMs, this.#clock);
      return this.#answer(reading, answer, this.#since(begun));
    } catch (error) {
      reading.left = true;
      if (!(error instanceof SoftTimeout) && !this.#isTransient(error)) throw error;
      const loadMs = this.#since(begun);
      return this.#answer(reading, { value: copy.value, outcome: "fallback", ageMs: entry.ageMs + loadMs }, loadMs);
    }
  }

  /** By loading under the lease, by joining who does, by waiting for it; and if none of these, by loading alone. */
  async #obtain<T>(reading: Reading<T>, first: LeaseState): Promise<Answer<T>> {
    const { key, rules } = reading;
    const until = this.#clock.now() + this.#waitMs;
    let lease = first;
    for (let attempt = 0; lease.kind === "granted" || lease.kind === "held"; attempt += 1) {
      const joined = this.#loads.find(key, lease.token);
      if (joined) {
        const { payload } = await joined.loaded;
        if (payload === undefined) break;
        return { value: decode<T>(payload), outcome: "joined", ageMs: 0 };
      }
      if (this.#isFree(key, lease)) {
        const { value } = await this.#loadUnder(reading, lease.token, "awaited");
        return { value, outcome: "loaded", ageMs: 0 };
      }
      if (reading.left || this.#clock.now() >= until) break;
      const poll = { ...this.#request(key, rules), wantExpired: false };
      const reply = await this.#polls.next(poll, attempt).catch(() => undefined);
      if (!reply) break;
      const { entry } = reply;
      const decoded = entry && this.#decode<T>(key, entry);
      if (decoded) {
        if (this.#isFree(key, reply.lease)) this.#loadUnder(reading, reply.lease.token, "background");
        return { value: decoded.value, outcome: "joined", ageMs: entry.ageMs };
      }
      lease = reply.lease;
    }
    if (reading.left) throw new SoftTimeout();
    return this.#loadUnleased(reading);
  }

  /** What was found under the key is no entry of ours: put a new one in its place. */
  async #replaceCorrupt<T>(reading: Reading<T>): Promise<CacheRead<T>> {
    const { key, rules } = reading;
    await this.invalidate([key]);
    const reply = await this.#readOrLease(key, rules).catch(() => undefined);
    return !reply || reply.entry ? this.#withoutStore(reading) : this.#missed(reading, reply);
  }

  async #withoutStore<T>(reading: Reading<T>): Promise<CacheRead<T>> {
    const begun = this.#clock.now();
    const answer = await this.#loadUnleased(reading);
    return this.#answer(reading, answer, this.#since(begun));
  }

  /** Loads, together with who asks for the same in this tick, and stores nothing. */
  async #loadUnleased<T>(reading: Reading<T>): Promise<Answer<T>> {
    const shared = this.#unleased.join(reading.key);
    const payload = shared && (await shared).payload;
    if (payload !== undefined) return { value: decode<T>(payload), outcome: "joined", ageMs: 0 };
    const { value } = await this.#unleased.begin(reading.key, (joined) => this.#load(reading, "awaited", joined));
    return { value, outcome: "loaded", ageMs: 0 };
  }

  /** Loads and stores under a lease, and offers the load to other readers meanwhile. */
  #loadUnder<T>(reading: Reading<T>, token: string, mode: LoadMode): Promise<Loaded<T>> {
    const { key, rules } = reading;
    const abandon = () => this.#store.abandon(key, token).catch(ignore);
    const begun = this.#clock.now();
    const companions = this.#companions.join();
    const loaded = this.#load(reading, mode, true);
    const stopRenewing = this.#keepRenewing(key, token, rules);
    const stored = loaded
      .finally(() => {
        stopRenewing();
        companions.left();
      })
      .then(async ({ payload }) => {
        if (payload === undefined) return abandon();
        await companions.wait(this.#since(begun));
        await this.#fill(key, payload, token, rules);
      }, abandon);
    this.#loads.add(key, { token, loaded }, stored);
    this.#work.run(mode === "background" ? "refresh" : "fill", () => stored);
    return loaded;
  }

  /** What others are to have is serialised before anybody gets the value: whoever changes it changes only its own. */
  async #load<T>({ key, load, rules }: Reading<T>, mode: LoadMode, forOthers: boolean): Promise<Loaded<T>> {
    const begun = this.#clock.now();
    try {
      const value = await runLoader(load, rules.hardTimeoutMs, this.#clock);
      this.#loadTimes.add(rules, this.#since(begun));
      return { value, payload: forOthers ? this.#encode(key, value) : undefined };
    } catch (error) {
      this.#emit({ type: "load-failed", key, background: mode === "background", error });
      throw error;
    }
  }

  /** Reads, and takes the lease. When the reply comes too late to be heard, the lease is given up behind the reader. */
  async #readOrLease(key: string, rules: ResolvedPolicy): Promise<ReadReply> {
    const request = this.#request(key, rules);
    try {
      return await this.#store.readOrLease(request);
    } catch (error) {
      if (storeErrorCode(error) === "timeout") this.#giveUp(key, request.lease.token);
      throw error;
    }
  }

  #request(key: string, rules: ResolvedPolicy) {
    return readRequest(key, rules, this.#token(this.#loadTimes.patienceMs(rules)));
  }

  /** Only while the store answers: one that is out of order would keep nothing of it. */
  #giveUp(key: string, token: string): void {
    if (this.#store.breakerState() !== "closed") return;
    this.#work.run("give up a lease", () => this.#store.abandon(key, token).catch(ignore));
  }

  /**
   * Whether this process may load under the lease: it was just granted, or it is one of its own that nothing is being
   * loaded under, because the reply that granted it came too late or what was loaded could not be stored.
   */
  #isFree(key: string, lease: LeaseState): lease is Extract<LeaseState, { token: string }> {
    if (lease.kind !== "granted" && lease.kind !== "held") return false;
    if (this.#loads.find(key, lease.token)) return false;
    return lease.kind === "granted" || isOwn(lease.token, this.#process);
  }

  /** Gives signs of life until it is stopped, so that the others go on waiting for a load that takes longer than usual. */
  #keepRenewing(key: string, token: string, rules: ResolvedPolicy): () => void {
    const patience = patienceOf(token) ?? rules.leaseMs;
    const schedule = (): (() => void) =>
      this.#clock.schedule(patience * RENEW_SHARE, () => {
        cancel = schedule();
        this.#store.renew(key, token).catch(ignore);
      });
    let cancel = schedule();
    return () => cancel();
  }

  async #fill(key: string, payload: string, token: string, rules: ResolvedPolicy): Promise<void> {
    if (this.#invalidations.holds(key)) return;
    const { version, keepMs, leaseMs } = rules;
    await this.#store.fill({ key, version, payload, keepMs, lease: { token, ms: leaseMs } }).catch(ignore);
  }

  async #invalidateBy(keys: readonly string[], invalidate: () => Promise<void>): Promise<void> {
    const mark = this.#invalidations.mark();
    try {
      await invalidate();
      this.#invalidations.settled(keys, mark);
    } catch {
      this.#invalidations.add(keys);
    }
  }

  #answer<T>({ key, readMs }: Reading<T>, { value, outcome, ageMs }: Answer<T>, loadMs?: number): CacheRead<T> {
    this.#emit({ type: "read", key, outcome, ageMs, readMs, loadMs });
    return { value, outcome, ageMs, readMs, loadMs };
  }

  #encode(key: string, value: unknown): string | undefined {
    try {
      return encode(value);
    } catch (error) {
      this.#emit({ type: "not-serialisable", key, error });
      return undefined;
    }
  }

  /** Wrapped, because a cached `undefined` is a value. */
  #decode<T>(key: string, { payload }: StoredValue): { value: T } | undefined {
    try {
      return { value: decode<T>(payload) };
    } catch {
      this.#emit({ type: "corrupt", key });
      return undefined;
    }
  }

  #token(patienceMs: number): string {
    this.#tokens += 1;
    return leaseToken(this.#process, this.#tokens, patienceMs);
  }

  #since(begun: number): number {
    return this.#clock.now() - begun;
  }
}

/** For what the store already reported, and that nothing depends on. */
function ignore(): void {}

function readRequest(key: string, { version, ttlMs, agingMs, leaseMs }: ResolvedPolicy, token: string) {
  return { key, version, ttlMs, agingMs, wantExpired: true, lease: { token, ms: leaseMs } };
}
