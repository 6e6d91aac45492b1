import { AsyncLocalStorage } from "node:async_hooks";
import type { Scheduler } from "fast-check";
import type {
  Cache,
  CacheEvent,
  CachePolicy,
  CacheStore,
  EntryName,
  FillRequest,
  InvalidationFeed,
  OutdatedListener,
  ReadReply,
  ReadRequest,
  WriteOptions,
} from "@/server/cache";
import { createCache, HIT_OUTCOMES, NEAR_LAG_MS } from "@/server/cache";
import { hashTagged } from "@/server/cache/protocol/hash-tag";
import { patienceOf } from "@/server/cache/protocol/lease-token";
import { SETTLED_MS } from "@/server/cache/protocol/scripts";
import type { ManualClock } from "@/server/cache/testing";
import { settle } from "@/server/cache/testing";
import { CollectingBackground } from "./collecting-background";

export type Delivery = "ok" | "dropped" | "reply lost" | "late";

/** The tag of every entry. */
export const TAG = "all";

const POLICY: CachePolicy = { ttlMs: 10_000, version: 1, failSafeMs: 20_000, loadHardTimeoutMs: 3_000 };

const FENCE_MS = 5_000;
const NEAR_BYTES = 100_000;
/** How long the lease of a dead process is respected, in milliseconds. */
export const DEAD_LEASE_MS = 300;
/** The longest that a read waits for another load, by the engine's defaults, in milliseconds. */
const WAIT_MS = 2_000;
/** How long a load waits for its group, and a read for its next poll, in milliseconds. */
const SLACK_MS = 60;

interface Row {
  version: number;
  readAt: number;
}

interface Query {
  fails: boolean;
  /** How many other things may happen before its answer arrives. */
  steps: number;
}

interface SimulatedWrite extends WriteOptions {
  process: number;
  keys: readonly string[];
  /** Whether it names the tag of all entries instead of the keys. */
  byTag: boolean;
  /**
   * Whether it is given up before its commit, which happens later all the same: then only its report reaches the cache.
   */
  commitsLate: boolean;
  /** The process that receives the database's report of the commit. */
  hears: number;
}

interface FleetOptions {
  scheduler: Scheduler;
  clock: ManualClock;
  store: CacheStore;
  processes: number;
  /** Whether each process keeps entries near, and hears from the store what is outdated. */
  near: boolean;
  /** How many other things may happen before a report of the feed arrives. */
  feedSteps: number;
  /** Whether observer and background runner throw, and the clock of each process can be set. */
  sabotaged: boolean;
  /** The longest that a read may wait for a load that is not running, in milliseconds. */
  longestWaitMs: number;
  /** What happens to the next request of this operation. */
  deliver(operation: keyof CacheStore): Delivery;
}

/**
 * Several processes over one store and one database. The scheduler decides when each request and each reply arrives,
 * when a query reads the database, and when a commit happens. Violations of the promises are collected.
 */
export class SimulatedFleet {
  readonly breaches: string[] = [];
  readonly events: CacheEvent[] = [];
  reads = 0;
  nearReads = 0;
  readonly #options: FleetOptions;
  readonly #audit: AuditedStore;
  readonly #processes: Cache[];
  readonly #background = new CollectingBackground();
  readonly #writeIds = new AsyncLocalStorage<string>();
  readonly #bypasses = new AsyncLocalStorage<boolean>();
  readonly #feeds: SimulatedFeed[] = [];
  readonly #committed = new Map<string, number>();
  readonly #acknowledged = new Acknowledged();
  /** How far the clock of each process was set, in milliseconds. */
  readonly #setBy = new Map<number, number>();
  #running = 0;
  #deaths = 0;
  #healed = false;
  /** How long nothing was running, in milliseconds, because everything waited for a timer. */
  #idleMs = 0;
  /**
   * Tasks begin in the order in which they were requested, each at any time after the one before. Their further steps
   * interleave.
   */
  #begun = Promise.resolve();
  /** If invalidations may fail, a write is acknowledged only for its own process until the retry succeeds. */
  readonly #ackedBy = new Map<string, number>();

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#audit = new AuditedStore(options.store, options.clock, this.breaches, (names) => {
      for (const feed of this.#feeds) feed.report(names);
    });
    const sabotage = () => {
      if (options.sabotaged) throw new Error("sabotaged");
    };
    this.#processes = Array.from({ length: options.processes }, (_, process) => {
      const elapsed = () => options.clock.elapsed() + (this.#setBy.get(process) ?? 0);
      const follow = (listener: OutdatedListener) => {
        const step = async (label: string) => {
          for (let steps = 0; steps <= options.feedSteps; steps += 1) await this.#step(label);
        };
        const feed = new SimulatedFeed({ elapsed, step, listener });
        this.#feeds[process] = feed;
        return feed;
      };
      return createCache({
        store: () => new ScheduledStore(this.#audit, options, follow),
        near: options.near ? { maxBytes: NEAR_BYTES, bypass: () => this.#bypasses.getStore() ?? false } : undefined,
        background: {
          run: (name, task) => {
            this.#background.run(name, task);
            sabotage();
          },
        },
        clock: { elapsed, schedule: (ms, task) => options.clock.schedule(ms, task) },
        observer: (event) => {
          this.events.push(event);
          sabotage();
        },
        warn: () => {},
        fenceMs: FENCE_MS,
        aroundWrite: (writeId, fn) => this.#writeIds.run(writeId, fn),
      });
    });
  }

  /** A read in one process. */
  read(process: number, key: string, query: Query = { fails: false, steps: 0 }): void {
    this.#track(() => this.#read(process, key, { query, bypass: true }));
  }

  /** A person who reads several times in one process, which asks its feed meanwhile. */
  visit(process: number, key: string, { beats, ...options }: { query: Query; bypass: boolean; beats: boolean }): void {
    this.#track(async () => {
      for (let reads = 0; reads < 4; reads += 1) {
        if (beats) await this.#feeds[process]?.beat();
        await this.#read(process, key, options);
      }
    });
  }

  /**
   * Must not return anything older than what was acknowledged, to everybody or to this process, before it began. With
   * `near`, and without `bypass`, it may miss what was acknowledged elsewhere within the last `NEAR_LAG_MS`.
   */
  async #read(process: number, key: string, { query, bypass }: { query: Query; bypass: boolean }): Promise<void> {
    const idleBefore = this.#idleMs;
    const longestWaitMs = this.#healed
      ? this.#audit.patienceMs({ key, version: policyOf(process).version })
      : this.#options.longestWaitMs;
    const lag = this.#options.near && !bypass ? NEAR_LAG_MS : 0;
    const elsewhere = this.#acknowledged.until(key, this.#options.clock.elapsed() - lag);
    const floor = Math.max(elsewhere, this.#ackedBy.get(`${process} ${key}`) ?? 0);
    const read = await this.#bypasses
      .run(bypass, () =>
        this.#cache(process).getOrSet(key, () => this.#load(key, query), policyOf(process), { tags: [TAG] }),
      )
      .catch(() => undefined);
    const waitedMs = this.#idleMs - idleBefore;
    if (waitedMs > longestWaitMs + SLACK_MS) {
      this.breaches.push(`slow: ${key} was waited for ${waitedMs} ms, where it may be ${longestWaitMs}`);
    }
    if (!read) return;
    this.reads += 1;
    if (read.value.version < floor) {
      this.breaches.push(`stale: ${key} read ${read.value.version} (${read.outcome}) after ${floor} was acknowledged`);
    }
    const served = HIT_OUTCOMES.some((outcome) => outcome === read.outcome);
    if (read.outcome === "near") this.nearReads += 1;
    if (served && read.ageMs >= POLICY.ttlMs) this.breaches.push(`too old: ${key} served at ${read.ageMs} ms`);
  }

  /**
   * Commits a new version of each key inside a write, which the database reports to some process. `reachable`: whether
   * its invalidation is certain to succeed.
   */
  write({ process, keys, byTag, commitsLate, hears, ...options }: SimulatedWrite, reachable: () => boolean): void {
    const outdated = byTag ? { tags: [TAG] } : keys;
    const acknowledge = (by: number, versions: number[]) => {
      for (const [index, key] of keys.entries()) {
        const version = versions[index] ?? 0;
        raise(this.#ackedBy, `${by} ${key}`, version);
        if (reachable()) this.#acknowledged.raise(key, version, this.#options.clock.elapsed());
      }
    };
    const commit = async () => {
      await this.#step("commit arrives");
      const committed = keys.map((key) => {
        const version = (this.#committed.get(key) ?? 0) + 1;
        this.#committed.set(key, version);
        return version;
      });
      const newsOf = this.#writeIds.getStore();
      this.#follow(async () => {
        await this.#step("news arrives");
        await this.#cache(hears).invalidate(outdated, { newsOf });
        acknowledge(hears, committed);
      });
      await this.#step("commit is answered");
      return committed;
    };
    const giveUp = async () => {
      this.#follow(async () => void (await commit()));
      await this.#step("write is given up");
      throw new GivenUp();
    };
    this.#track(async () => {
      try {
        acknowledge(process, await this.#cache(process).write(outdated, commitsLate ? giveUp : commit, options));
      } catch (error) {
        if (!(error instanceof GivenUp)) throw error;
      }
    });
  }

  /**
   * Commits inside a fence, in a process that then dies. The write was not acknowledged, but at the end it must be
   * visible.
   */
  die(key: string): void {
    this.#track(async () => {
      await this.#step("fence arrives");
      this.#deaths += 1;
      const endsAt = this.#options.clock.elapsed() + FENCE_MS;
      await this.#audit.fence([key], `dying ${this.#deaths}`, FENCE_MS);
      await this.#step("commit arrives");
      if (this.#options.clock.elapsed() < endsAt) this.#committed.set(key, (this.#committed.get(key) ?? 0) + 1);
    });
  }

  /** Takes the lease, in a process that then dies. */
  dieLoading(key: string): void {
    this.#track(async () => {
      await this.#step("readOrLease arrives");
      this.#deaths += 1;
      const token = `gone:${this.#deaths}|${DEAD_LEASE_MS}`;
      const { version, ttlMs } = POLICY;
      const lease = { token, ms: 6_000 };
      const kept = { key, version, tags: [TAG], ttlMs, agingMs: ttlMs, keepMs: 30_000 };
      await this.#audit.readOrLease({ ...kept, wantExpired: true, lease });
    });
  }

  /** The store evicts the stamp of a key or a tag. Entries under it must not count any more. */
  dropStamp(name: string): void {
    this.#track(async () => {
      await this.#step("the store drops a stamp");
      await this.#audit.invalidate([name]);
    });
  }

  /** The clock of a process is set. */
  setClock(process: number, ms: number): void {
    this.#track(async () => {
      await this.#step("the clock is set");
      if (this.#options.sabotaged) this.#setBy.set(process, ms);
    });
  }

  /** A process loses the connection of its feed, and everything that is on its way there. */
  loseFeed(process: number): void {
    this.#track(async () => {
      await this.#step("a feed is lost");
      this.#feeds[process]?.lose();
    });
  }

  pass(ms: number): void {
    this.#track(async () => {
      await this.#step(`${ms} ms pass`);
      this.#options.clock.jump(ms);
    });
  }

  /** Runs until only waiting is left. */
  async run(): Promise<void> {
    const { scheduler, clock } = this.#options;
    for (let idle = 0; this.#running > 0 || scheduler.count() > 0; ) {
      if (scheduler.count() > 0) {
        await scheduler.waitNext(1);
        idle = 0;
      }
      await settle();
      if (scheduler.count() > 0) continue;
      idle += 1;
      if (idle > 1_000) throw new Error("the simulation does not end");
      if (idle > 2 && clock.nextTimer !== undefined) {
        const ms = Math.max(0, clock.nextTimer - clock.elapsed());
        this.#idleMs += ms;
        clock.jump(ms);
      }
    }
  }

  /** After every retry succeeded, all processes see the last commit, and none waits for a dead one. */
  async converge(keys: readonly string[]): Promise<void> {
    const { clock } = this.#options;
    const waiting = () => this.#processes.some((process) => process.health().waitingInvalidations > 0);
    for (let round = 0; waiting(); round += 1) {
      if (round > 1_000) throw new Error("the invalidations do not get through");
      if (clock.nextTimer !== undefined) clock.jump(clock.nextTimer - clock.elapsed());
      await this.run();
      await settle();
    }
    this.#healed = true;
    for (const key of keys) this.#acknowledged.raise(key, this.#committed.get(key) ?? 0, clock.elapsed());
    for (let process = this.#processes.length - 1; process >= 0; process -= 1) {
      for (const key of keys) this.read(process, key);
      await this.run();
    }
  }

  #cache(process: number): Cache {
    const cache = this.#processes[process];
    if (!cache) throw new Error(`there is no process ${process}`);
    return cache;
  }

  async #load(key: string, { fails, steps }: Query): Promise<Row> {
    await this.#step("query arrives");
    const row = { version: this.#committed.get(key) ?? 0, readAt: this.#options.clock.elapsed() };
    for (let step = 0; step <= steps; step += 1) await this.#step("query is answered");
    if (fails) throw new Error("the database is down");
    return row;
  }

  #step(label: string): Promise<void> {
    return this.#options.scheduler.schedule(Promise.resolve(), label);
  }

  /** Begins a task after those that were begun before. */
  #track(run: () => Promise<void>): void {
    this.#begun = this.#begun.then(() => this.#step("begins"));
    const begun = this.#begun;
    this.#follow(() => begun.then(run));
  }

  /** Does something at any time from now on. */
  #follow(run: () => Promise<void>): void {
    this.#running += 1;
    run()
      .catch((error: unknown) => this.breaches.push(`failed: ${error}`))
      .finally(() => {
        this.#running -= 1;
      });
  }
}

class GivenUp extends Error {}

/** What was acknowledged to everybody, and when. */
class Acknowledged {
  readonly #versions = new Map<string, { version: number; at: number }[]>();

  raise(key: string, version: number, at: number): void {
    this.#versions.set(key, [...(this.#versions.get(key) ?? []), { version, at }]);
  }

  /** The last version that was acknowledged by that time. */
  until(key: string, time: number): number {
    const versions = this.#versions.get(key) ?? [];
    return Math.max(0, ...versions.filter(({ at }) => at <= time).map(({ version }) => version));
  }
}

/** The feed of one process: reports and answers arrive in the order in which the store sent them, at any time. */
class SimulatedFeed implements InvalidationFeed {
  heardUntil = Number.NEGATIVE_INFINITY;
  readonly #elapsed: () => number;
  readonly #step: (label: string) => Promise<void>;
  readonly #listener: OutdatedListener;
  #connection = 0;
  #sent = Promise.resolve();

  constructor(parts: { elapsed: () => number; step: (label: string) => Promise<void>; listener: OutdatedListener }) {
    this.#elapsed = parts.elapsed;
    this.#step = parts.step;
    this.#listener = parts.listener;
  }

  report(names: readonly string[]): void {
    this.#deliver("a report arrives", () => this.#listener.outdated(names.map(hashTagged)));
  }

  async beat(): Promise<void> {
    const asked = this.#elapsed();
    const connection = this.#connection;
    await this.#step("a ping arrives");
    if (connection !== this.#connection) return;
    this.#deliver("a ping is answered", () => {
      this.heardUntil = asked;
    });
  }

  lose(): void {
    this.#connection += 1;
    this.heardUntil = Number.NEGATIVE_INFINITY;
    this.#listener.lost();
  }

  close(): void {
    this.lose();
  }

  #deliver(label: string, arrive: () => void): void {
    const connection = this.#connection;
    this.#sent = this.#sent
      .then(() => this.#step(label))
      .then(() => {
        if (connection === this.#connection) arrive();
      });
  }
}

/** Two releases run side by side, each with its own version. */
const POLICIES = [POLICY, { ...POLICY, version: POLICY.version + 1 }];

function policyOf(process: number): CachePolicy {
  return POLICIES[process % POLICIES.length] ?? POLICY;
}

function idOf({ key, version }: EntryName): string {
  return `${version}:${key}`;
}

function raise(map: Map<string, number>, key: string, version: number): void {
  map.set(key, Math.max(map.get(key) ?? 0, version));
}

/** The network between a process and the store. */
class ScheduledStore implements CacheStore {
  constructor(
    private readonly inner: CacheStore,
    private readonly options: FleetOptions,
    readonly follow: (listener: OutdatedListener) => InvalidationFeed,
  ) {}

  readOrLease(request: ReadRequest): Promise<ReadReply> {
    return this.#send("readOrLease", () => this.inner.readOrLease(request));
  }
  fill(request: FillRequest): Promise<boolean> {
    return this.#send("fill", () => this.inner.fill(request));
  }
  renew(entry: EntryName, token: string): Promise<void> {
    return this.#send("renew", () => this.inner.renew(entry, token));
  }
  abandon(entry: EntryName, token: string): Promise<void> {
    return this.#send("abandon", () => this.inner.abandon(entry, token));
  }
  invalidate(names: readonly string[], newsOf?: string): Promise<void> {
    return this.#send("invalidate", () => this.inner.invalidate(names, newsOf));
  }
  fence(names: readonly string[], token: string, ms: number): Promise<void> {
    return this.#send("fence", () => this.inner.fence(names, token, ms));
  }
  release(names: readonly string[], token: string, settled: boolean): Promise<void> {
    return this.#send("release", () => this.inner.release(names, token, settled));
  }
  breakerState() {
    return this.inner.breakerState();
  }
  ready() {
    return this.inner.ready();
  }
  close() {
    return this.inner.close();
  }

  async #send<T>(operation: keyof CacheStore, run: () => Promise<T>): Promise<T> {
    const delivery = this.options.deliver(operation);
    const step = (label: string) => this.options.scheduler.schedule(Promise.resolve(), `${operation} ${label}`);
    if (delivery === "late") step("arrives late").then(run);
    if (delivery !== "late") await step(delivery === "dropped" ? "is dropped" : "arrives");
    const reply = delivery === "ok" || delivery === "reply lost" ? await run() : undefined;
    await step("is answered");
    if (reply === undefined && delivery !== "ok") throw new Error(delivery);
    if (delivery === "reply lost") throw new Error(delivery);
    return reply as T;
  }
}

/** Checks that the store fulfils its contract, in any order of requests. */
class AuditedStore implements CacheStore {
  /** Key and version → the lease that may be filled. */
  readonly #live = new Map<string, { key: string; token: string; endsAt: number; signAt: number }>();
  /** Write → when it was settled. */
  readonly #settled = new Map<string, number>();

  constructor(
    private readonly inner: CacheStore,
    private readonly clock: ManualClock,
    private readonly breaches: string[],
    private readonly report: (names: readonly string[]) => void,
  ) {}

  async readOrLease(request: ReadRequest): Promise<ReadReply> {
    const reply = await this.inner.readOrLease(request);
    const now = this.clock.elapsed();
    if (reply.lease.kind === "granted" && reply.lease.token === request.lease?.token) {
      const live = this.#live.get(idOf(request));
      const silentMs = live ? now - live.signAt : 0;
      if (live && now < live.endsAt && silentMs <= (patienceOf(live.token) ?? live.endsAt)) {
        this.breaches.push(`two leases of ${request.key}`);
      }
      this.#live.set(idOf(request), {
        key: request.key,
        token: reply.lease.token,
        endsAt: now + request.lease.ms,
        signAt: now,
      });
    }
    if (reply.entry) {
      const { readAt }: Row = JSON.parse(reply.entry.payload).json;
      if (reply.entry.ageMs < now - readAt) this.breaches.push(`younger than it is: ${request.key}`);
    }
    return reply;
  }

  async fill(request: FillRequest): Promise<boolean> {
    const stored = await this.inner.fill(request);
    const live = this.#live.get(idOf(request));
    const holds = live?.token === request.lease?.token && this.clock.elapsed() < (live?.endsAt ?? 0);
    if (stored && !holds) this.breaches.push(`stored under a cancelled lease: ${request.key}`);
    if (stored) this.#live.delete(idOf(request));
    return stored;
  }

  async renew(entry: EntryName, token: string): Promise<void> {
    await this.inner.renew(entry, token);
    const live = this.#live.get(idOf(entry));
    if (live?.token === token) live.signAt = this.clock.elapsed();
  }

  async abandon(entry: EntryName, token: string): Promise<void> {
    await this.inner.abandon(entry, token);
    if (this.#live.get(idOf(entry))?.token === token) this.#live.delete(idOf(entry));
  }
  async invalidate(names: readonly string[], newsOf?: string): Promise<void> {
    await this.inner.invalidate(names, newsOf);
    const settledAt = newsOf === undefined ? undefined : this.#settled.get(newsOf);
    if (settledAt === undefined || this.clock.elapsed() - settledAt >= SETTLED_MS) this.#cancel(names);
  }
  async fence(names: readonly string[], token: string, ms: number): Promise<void> {
    await this.inner.fence(names, token, ms);
    this.#cancel(names);
  }
  async release(names: readonly string[], token: string, settled: boolean): Promise<void> {
    await this.inner.release(names, token, settled);
    if (settled) this.#settled.set(token, this.clock.elapsed());
    this.#cancel(names);
  }
  breakerState() {
    return this.inner.breakerState();
  }
  ready() {
    return this.inner.ready();
  }
  close() {
    return this.inner.close();
  }

  /** How long a reader may wait for the lease of this entry, in milliseconds. */
  patienceMs(entry: EntryName): number {
    const live = this.#live.get(idOf(entry));
    return live ? Math.min(patienceOf(live.token) ?? WAIT_MS, WAIT_MS) : 0;
  }

  #cancel(names: readonly string[]): void {
    this.report(names);
    for (const [id, { key }] of this.#live) {
      if (names.includes(key) || names.includes(TAG)) this.#live.delete(id);
    }
  }
}
