import type { BackgroundWork } from "./background";
import { changedPath } from "./changed-path";
import type { MonotonicClock } from "./clock";
import { decode, encode } from "./codec";
import type { ConsistencyMonitor } from "./consistency-monitor";
import { storeErrorCode, TagSlotError } from "./errors";
import type { CacheObserver, ReadOutcome } from "./events";
import type { Loaded } from "./in-flight";
import { InFlightLoads, UnleasedLoads } from "./in-flight";
import type { InvalidationQueue } from "./invalidation-queue";
import { LoadGroups } from "./load-groups";
import { LoadTimes } from "./load-times";
import type { Loader } from "./loader";
import { runLoader, SoftTimeout, within } from "./loader";
import type { LeaseTokens } from "./protocol/lease-token";
import { patienceOf } from "./protocol/lease-token";
import type { ResolvedPolicy } from "./protocol/policy";
import { freshness } from "./protocol/policy";
import type { CacheStore, EntryName, Kept, LeaseState, ReadReply, StoredValue } from "./protocol/store";
import { plainRead } from "./protocol/store";
import { RepeatedReads } from "./repeated-reads";
import type { View } from "./view";
import { plainView } from "./view";

export interface CacheRead<T> {
  value: T;
  outcome: ReadOutcome;
  /** The age of the value in milliseconds; 0 when it was just loaded. */
  ageMs: number;
  /** How long the store took, in milliseconds. */
  readMs: number;
  /** How long this read waited for a load, its own or another's, in milliseconds. */
  loadMs: number | undefined;
}

export interface ReaderOptions {
  store: CacheStore;
  work: BackgroundWork;
  clock: MonotonicClock;
  observer: CacheObserver;
  tokens: LeaseTokens;
  invalidations: InvalidationQueue;
  monitor: ConsistencyMonitor;
  isTransient: (error: unknown) => boolean;
  checkValues: boolean;
  waitMs: number;
}

/** The share of its patience after which a load signals that it is still running. It leaves time for two more tries. */
const RENEW_SHARE = 0.35;

/** One read on its way: what is loaded and stored is a `Value`, what the reader gets of it is a `Seen`. */
interface Reading<Value, Seen = Value> extends Kept {
  readonly load: Loader<Value>;
  readonly view: View<Value, Seen>;
  readonly readMs: number;
  /** The reader has been given a fallback. A wait on its behalf must not begin a load. */
  answered: boolean;
}

type LoadMode = "awaited" | "background";

interface Answer<Seen> {
  readonly value: Seen;
  readonly outcome: ReadOutcome;
  readonly ageMs: number;
}

/** The flow of a read: served from the store, loaded under a lease, joined, waited for, or loaded without the store. */
export class Reader {
  readonly #store: CacheStore;
  readonly #work: BackgroundWork;
  readonly #clock: MonotonicClock;
  readonly #emit: CacheObserver;
  readonly #tokens: LeaseTokens;
  readonly #invalidations: InvalidationQueue;
  readonly #monitor: ConsistencyMonitor;
  readonly #isTransient: (error: unknown) => boolean;
  readonly #checkValues: boolean;
  readonly #waitMs: number;
  readonly #loads = new InFlightLoads();
  readonly #unleased = new UnleasedLoads();
  readonly #loadTimes = new LoadTimes();
  readonly #loadGroups: LoadGroups;
  readonly #repeatedReads: RepeatedReads;

  constructor(options: ReaderOptions) {
    this.#store = options.store;
    this.#work = options.work;
    this.#clock = options.clock;
    this.#emit = options.observer;
    this.#tokens = options.tokens;
    this.#invalidations = options.invalidations;
    this.#monitor = options.monitor;
    this.#isTransient = options.isTransient;
    this.#checkValues = options.checkValues;
    this.#waitMs = options.waitMs;
    this.#loadGroups = new LoadGroups(options.clock);
    this.#repeatedReads = new RepeatedReads(options.clock, options.store);
  }

  /** The stored value, without loading. */
  async peek<T>(kept: Kept): Promise<{ value: T; ageMs: number } | undefined> {
    if (this.#invalidations.holds(kept)) return undefined;
    const reply = await this.#store.readOrLease(plainRead(kept)).catch(unlessMistaken);
    if (!reply?.entry || freshness(reply.entry.ageMs, kept.rules) === "expired") return undefined;
    const decoded = this.#decode(kept.key, plainView<T>(), reply.entry);
    return decoded && { value: decoded.value, ageMs: reply.entry.ageMs };
  }

  async read<Value, Seen>(kept: Kept, load: Loader<Value>, view: View<Value, Seen>): Promise<CacheRead<Seen>> {
    if (this.#invalidations.holds(kept)) return this.#withoutStore({ ...kept, load, view, readMs: 0, answered: false });

    const asked = this.#clock.elapsed();
    let reply: ReadReply;
    try {
      reply = await this.#readOrLease(kept);
    } catch (error) {
      if (error instanceof TagSlotError) throw error;
      return this.#withoutStore({ ...kept, load, view, readMs: this.#since(asked), answered: false });
    }
    const reading = { ...kept, load, view, readMs: this.#since(asked), answered: false };
    const { entry, lease } = reply;
    const state = entry ? freshness(entry.ageMs, kept.rules) : "expired";
    if (!entry || state === "expired") return this.#missed(reading, reply);
    const decoded = this.#decode(reading.key, reading.view, entry);
    if (!decoded) return this.#replaceCorrupt(reading);
    if (this.#isFree(nameOf(kept), lease)) this.#loadUnder(reading, lease.token, "background");
    this.#monitor.served({ ...kept, entry, load });
    const outcome = reply.near ? "near" : state;
    return this.#answer(reading, { value: decoded.value, outcome, ageMs: entry.ageMs });
  }

  /**
   * Produces a value under a lease of its own and stores it. A value that a write has overtaken meanwhile is returned
   * but not stored, because the write took the lease away.
   */
  async produce<T>(kept: Kept, produce: Loader<T>): Promise<T> {
    const reply = this.#invalidations.holds(kept) ? undefined : await this.#readOrLease(kept).catch(unlessMistaken);
    const reading = { ...kept, load: produce, view: plainView<T>(), readMs: 0, answered: false };
    if (reply?.lease.kind !== "granted") return (await this.#load(reading, "awaited", false)).value;
    const { loaded, stored } = this.#loadUnder(reading, reply.lease.token, "awaited");
    const { value } = await loaded;
    await stored;
    return value;
  }

  /** There is no valid entry, at most an expired copy: loads, or waits for the process that loads. */
  async #missed<Value, Seen>(reading: Reading<Value, Seen>, { entry, lease }: ReadReply): Promise<CacheRead<Seen>> {
    const begun = this.#clock.elapsed();
    const copy = entry && this.#decode(reading.key, reading.view, entry);
    const obtaining = this.#obtain(reading, lease);
    if (!copy) return this.#answer(reading, await obtaining, this.#since(begun));
    try {
      const answer = await within(obtaining, reading.rules.softTimeoutMs, this.#clock);
      return this.#answer(reading, answer, this.#since(begun));
    } catch (error) {
      reading.answered = true;
      if (!(error instanceof SoftTimeout) && !this.#isTransient(error)) throw error;
      const loadMs = this.#since(begun);
      return this.#answer(reading, { value: copy.value, outcome: "fallback", ageMs: entry.ageMs + loadMs }, loadMs);
    }
  }

  /**
   * Loads under the lease, joins the load in this process, or waits for the load of another; otherwise loads without
   * storing.
   */
  async #obtain<Value, Seen>(reading: Reading<Value, Seen>, first: LeaseState): Promise<Answer<Seen>> {
    const name = nameOf(reading);
    const until = this.#clock.elapsed() + this.#waitMs;
    let lease = first;
    for (let attempt = 0; lease.kind === "granted" || lease.kind === "held"; attempt += 1) {
      const running = this.#loads.find(name, lease.token);
      if (running) {
        const { payload } = await running.loaded;
        if (payload === undefined) break;
        return { value: see(reading.view, payload), outcome: "joined", ageMs: 0 };
      }
      if (this.#isFree(name, lease)) {
        const { value } = await this.#loadUnder(reading, lease.token, "awaited").loaded;
        return { value: reading.view.of(value, undefined), outcome: "loaded", ageMs: 0 };
      }
      if (reading.answered || this.#clock.elapsed() >= until) break;
      const again = { ...this.#request(reading), wantExpired: false };
      const reply = await this.#repeatedReads.next(again, attempt).catch(() => undefined);
      if (!reply) break;
      const { entry } = reply;
      const decoded = entry && this.#decode(reading.key, reading.view, entry);
      if (decoded) {
        if (this.#isFree(name, reply.lease)) this.#loadUnder(reading, reply.lease.token, "background");
        return { value: decoded.value, outcome: "joined", ageMs: entry.ageMs };
      }
      lease = reply.lease;
    }
    if (reading.answered) throw new SoftTimeout();
    return this.#loadUnleased(reading);
  }

  /** The stored text is not a readable entry: stores a new one in its place. */
  async #replaceCorrupt<Value, Seen>(reading: Reading<Value, Seen>): Promise<CacheRead<Seen>> {
    await this.#invalidations.through([reading.key], () => this.#store.invalidate([reading.key]));
    const reply = await this.#readOrLease(reading).catch(() => undefined);
    return !reply || reply.entry ? this.#withoutStore(reading) : this.#missed(reading, reply);
  }

  async #withoutStore<Value, Seen>(reading: Reading<Value, Seen>): Promise<CacheRead<Seen>> {
    const begun = this.#clock.elapsed();
    const answer = await this.#loadUnleased(reading);
    return this.#answer(reading, answer, this.#since(begun));
  }

  /** Loads without storing, once for all readers of this tick. */
  async #loadUnleased<Value, Seen>(reading: Reading<Value, Seen>): Promise<Answer<Seen>> {
    const name = nameOf(reading);
    const shared = this.#unleased.share(name);
    const payload = shared && (await shared).payload;
    if (payload !== undefined) return { value: see(reading.view, payload), outcome: "joined", ageMs: 0 };
    const { value } = await this.#unleased.begin(name, (isShared) => this.#load(reading, "awaited", isShared));
    return { value: reading.view.of(value, undefined), outcome: "loaded", ageMs: 0 };
  }

  /** Loads and stores under a lease, and offers the load to other readers meanwhile. `stored` never rejects. */
  #loadUnder<T>(reading: Reading<T, unknown>, token: string, mode: LoadMode) {
    const name = nameOf(reading);
    const abandon = () => this.#store.abandon(name, token).catch(ignore);
    const begun = this.#clock.elapsed();
    const grouped = this.#loadGroups.begin();
    const loaded = this.#load(reading, mode, true);
    const stopRenewing = this.#keepRenewing(name, token, reading.rules);
    const stored = loaded
      .finally(() => {
        stopRenewing();
        grouped.end();
      })
      .then(async ({ payload }) => {
        if (payload === undefined) return abandon();
        await grouped.others(this.#since(begun));
        await this.#fill(reading, payload, token);
      }, abandon);
    this.#loads.add(name, { token, loaded }, stored);
    this.#work.run(mode === "background" ? "refresh" : "fill", () => stored);
    return { loaded, stored };
  }

  /**
   * A value that others share is serialised before any reader gets it, so that a reader who changes it changes only its
   * own.
   */
  async #load<T>({ key, load, rules }: Reading<T, unknown>, mode: LoadMode, forOthers: boolean): Promise<Loaded<T>> {
    const begun = this.#clock.elapsed();
    try {
      const value = await runLoader(load, rules.hardTimeoutMs, this.#clock);
      this.#loadTimes.add(rules, this.#since(begun));
      return { value, payload: forOthers ? this.#encode(key, value) : undefined };
    } catch (error) {
      this.#emit({ type: "load-failed", key, background: mode === "background", error });
      throw error;
    }
  }

  /**
   * Reads, and takes the lease. When the reply comes after the reader gave up, the lease is given back in the
   * background.
   */
  async #readOrLease(kept: Kept): Promise<ReadReply> {
    const request = this.#request(kept);
    try {
      return await this.#store.readOrLease(request);
    } catch (error) {
      if (storeErrorCode(error) === "timeout") this.#giveUp(nameOf(kept), request.lease.token);
      throw error;
    }
  }

  #request({ key, tags, rules }: Kept) {
    const { version, ttlMs, agingMs, keepMs, leaseMs } = rules;
    const lease = { token: this.#tokens.next(this.#loadTimes.patienceMs(rules)), ms: leaseMs };
    return { key, version, tags, ttlMs, agingMs, keepMs, wantExpired: true, lease };
  }

  /** Only while the store answers: a broken store would not receive it. */
  #giveUp(name: EntryName, token: string): void {
    if (this.#store.breakerState() !== "closed") return;
    this.#work.run("give up a lease", () => this.#store.abandon(name, token).catch(ignore));
  }

  /**
   * Whether this process may load under the lease: it was just granted, or it belongs to this process and no load is
   * running under it, because the reply that granted it came too late or the loaded value could not be stored.
   */
  #isFree(name: EntryName, lease: LeaseState): lease is Extract<LeaseState, { token: string }> {
    if (lease.kind !== "granted" && lease.kind !== "held") return false;
    if (this.#loads.find(name, lease.token)) return false;
    return lease.kind === "granted" || this.#tokens.isOwn(lease.token);
  }

  /**
   * Sends signs of life until it is stopped, so that other processes keep waiting for a load that takes longer than
   * usual.
   */
  #keepRenewing(name: EntryName, token: string, rules: ResolvedPolicy): () => void {
    const patience = patienceOf(token) ?? rules.leaseMs;
    const schedule = (): (() => void) =>
      this.#clock.schedule(patience * RENEW_SHARE, () => {
        cancel = schedule();
        this.#store.renew(name, token).catch(ignore);
      });
    let cancel = schedule();
    return () => cancel();
  }

  async #fill({ key, tags, rules }: Kept, payload: string, token: string): Promise<void> {
    if (this.#invalidations.holds({ key, tags })) return;
    const { version, keepMs, leaseMs } = rules;
    await this.#store.fill({ key, version, tags, payload, keepMs, lease: { token, ms: leaseMs } }).catch(ignore);
  }

  #answer<Seen>(
    { key, readMs }: Pick<Reading<never, Seen>, "key" | "readMs">,
    { value, outcome, ageMs }: Answer<Seen>,
    loadMs?: number,
  ): CacheRead<Seen> {
    this.#emit({ type: "read", key, outcome, ageMs, readMs, loadMs });
    return { value, outcome, ageMs, readMs, loadMs };
  }

  #encode(key: string, value: unknown): string | undefined {
    try {
      const payload = encode(value);
      const path = this.#checkValues ? changedPath(value, decode(payload)) : undefined;
      if (path !== undefined) this.#emit({ type: "value-changed", key, path });
      return payload;
    } catch (error) {
      this.#emit({ type: "not-serialisable", key, error });
      return undefined;
    }
  }

  /** Wrapped, because a cached `undefined` is a value. Undefined when the text is not a readable entry. */
  #decode<Value, Seen>(key: string, view: View<Value, Seen>, { payload }: StoredValue): { value: Seen } | undefined {
    const known = view.known(payload);
    if (known !== undefined) return { value: known };
    let value: Value;
    try {
      value = decode<Value>(payload);
    } catch {
      this.#emit({ type: "corrupt", key });
      return undefined;
    }
    return { value: view.of(value, payload) };
  }

  #since(begun: number): number {
    return this.#clock.elapsed() - begun;
  }
}

function see<Value, Seen>(view: View<Value, Seen>, payload: string): Seen {
  return view.known(payload) ?? view.of(decode<Value>(payload), payload);
}

function nameOf({ key, rules }: Kept): EntryName {
  return { key, version: rules.version };
}

/** For errors that the store has reported and on which nothing depends. */
function ignore(): void {}

/** The cache goes on without a failing store, but passes on a programming mistake. */
function unlessMistaken(error: unknown): undefined {
  if (error instanceof TagSlotError) throw error;
}
