import type { Scheduler } from "fast-check";
import type {
  Cache,
  CacheEvent,
  CachePolicy,
  CacheStore,
  FillRequest,
  ReadReply,
  ReadRequest,
  WriteOptions,
} from "@/server/cache";
import { createCache } from "@/server/cache";
import { patienceOf } from "@/server/cache/protocol/lease-token";
import type { ManualClock } from "@/server/cache/testing";
import { settle } from "@/server/cache/testing";
import { CollectingBackground } from "./collecting-background";

export type Delivery = "ok" | "dropped" | "reply lost" | "late";

export const POLICY: CachePolicy = { ttlMs: 10_000, version: 1, failSafeMs: 20_000, loadHardTimeoutMs: 3_000 };

const FENCE_MS = 5_000;

interface Row {
  version: number;
  readAt: number;
}

interface Query {
  fails: boolean;
  /** How much else may happen before its answer arrives. */
  steps: number;
}

interface SimulatedWrite extends WriteOptions {
  process: number;
  keys: readonly string[];
}

interface FleetOptions {
  scheduler: Scheduler;
  clock: ManualClock;
  store: CacheStore;
  processes: number;
  /** What becomes of the next request of this operation. */
  deliver(operation: keyof CacheStore): Delivery;
}

/**
 * Several processes over one store and one database. The scheduler decides when each request arrives, when each reply
 * does, when a query sees the database, and when a commit happens. Breaches of the promises are collected.
 */
export class SimulatedFleet {
  readonly breaches: string[] = [];
  readonly events: CacheEvent[] = [];
  reads = 0;
  readonly #options: FleetOptions;
  readonly #audit: AuditedStore;
  readonly #processes: Cache[];
  readonly #background = new CollectingBackground();
  readonly #committed = new Map<string, number>();
  readonly #acknowledged = new Map<string, number>();
  #running = 0;
  #deaths = 0;
  /** Things begin in the order they were asked for, each at any time after the one before; what follows from them mixes. */
  #begun = Promise.resolve();
  /** Where invalidations may fail, a write is acknowledged for its own process only, until it was retried. */
  readonly #ackedBy = new Map<string, number>();

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#audit = new AuditedStore(options.store, options.clock, this.breaches);
    this.#processes = Array.from({ length: options.processes }, () =>
      createCache({
        store: () => new ScheduledStore(this.#audit, options),
        background: this.#background,
        clock: options.clock,
        observer: (event) => this.events.push(event),
        fenceMs: FENCE_MS,
      }),
    );
  }

  /** Reads in one process; never older than what was acknowledged, to everybody or to this process, before it began. */
  read(process: number, key: string, query: Query = { fails: false, steps: 0 }): void {
    this.#track(async () => {
      const floor = Math.max(this.#acknowledged.get(key) ?? 0, this.#ackedBy.get(`${process} ${key}`) ?? 0);
      const read = await this.#cache(process)
        .getOrSet(key, () => this.#load(key, query), POLICY)
        .catch(() => undefined);
      if (!read) return;
      this.reads += 1;
      if (read.value.version < floor) {
        this.breaches.push(
          `stale: ${key} read ${read.value.version} (${read.outcome}) after ${floor} was acknowledged`,
        );
      }
      const served = read.outcome === "fresh" || read.outcome === "aging";
      if (served && read.ageMs >= POLICY.ttlMs) this.breaches.push(`too old: ${key} served at ${read.ageMs} ms`);
    });
  }

  /** Commits a new version of each key inside a write. `reachable`: whether its invalidation surely got through. */
  write({ process, keys, ...options }: SimulatedWrite, reachable: () => boolean): void {
    this.#track(async () => {
      const commit = async () => {
        await this.#step("commit arrives");
        const committed = keys.map((key) => {
          const version = (this.#committed.get(key) ?? 0) + 1;
          this.#committed.set(key, version);
          return version;
        });
        await this.#step("commit is answered");
        return committed;
      };
      const versions = await this.#cache(process).write(keys, commit, options);
      for (const [index, key] of keys.entries()) {
        const version = versions[index] ?? 0;
        raise(this.#ackedBy, `${process} ${key}`, version);
        if (reachable()) raise(this.#acknowledged, key, version);
      }
    });
  }

  /** Commits inside a fence, in a process that then dies. Nobody was told, but once all is over it must not be forgotten. */
  die(key: string): void {
    this.#track(async () => {
      await this.#step("fence arrives");
      this.#deaths += 1;
      const endsAt = this.#options.clock.now() + FENCE_MS;
      await this.#audit.fence([key], `dying ${this.#deaths}`, FENCE_MS);
      await this.#step("commit arrives");
      if (this.#options.clock.now() < endsAt) this.#committed.set(key, (this.#committed.get(key) ?? 0) + 1);
    });
  }

  pass(ms: number): void {
    this.#track(async () => {
      await this.#step(`${ms} ms pass`);
      this.#options.clock.jump(ms);
    });
  }

  /** Runs until nothing is left to do but to wait. */
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
      if (idle > 2 && clock.nextTimer !== undefined) clock.jump(clock.nextTimer - clock.now());
    }
  }

  /** After every retry got through: all processes see the last commit. */
  async converge(keys: readonly string[]): Promise<void> {
    const { clock } = this.#options;
    const waiting = () => this.#processes.some((process) => process.health().waitingInvalidations > 0);
    for (let round = 0; waiting(); round += 1) {
      if (round > 1_000) throw new Error("the invalidations do not get through");
      if (clock.nextTimer !== undefined) clock.jump(clock.nextTimer - clock.now());
      await this.run();
      await settle();
    }
    for (const key of keys) raise(this.#acknowledged, key, this.#committed.get(key) ?? 0);
    for (let process = 0; process < this.#processes.length; process += 1) {
      for (const key of keys) this.read(process, key);
    }
    await this.run();
  }

  #cache(process: number): Cache {
    const cache = this.#processes[process];
    if (!cache) throw new Error(`there is no process ${process}`);
    return cache;
  }

  async #load(key: string, { fails, steps }: Query): Promise<Row> {
    await this.#step("query arrives");
    const row = { version: this.#committed.get(key) ?? 0, readAt: this.#options.clock.now() };
    for (let step = 0; step <= steps; step += 1) await this.#step("query is answered");
    if (fails) throw new Error("the database is down");
    return row;
  }

  #step(label: string): Promise<void> {
    return this.#options.scheduler.schedule(Promise.resolve(), label);
  }

  #track(run: () => Promise<void>): void {
    this.#running += 1;
    this.#begun = this.#begun.then(() => this.#step("begins"));
    this.#begun
      .then(run)
      .catch((error: unknown) => this.breaches.push(`failed: ${error}`))
      .finally(() => {
        this.#running -= 1;
      });
  }
}

function raise(map: Map<string, number>, key: string, version: number): void {
  map.set(key, Math.max(map.get(key) ?? 0, version));
}

/** The network between a process and the store. */
class ScheduledStore implements CacheStore {
  constructor(
    private readonly inner: CacheStore,
    private readonly options: FleetOptions,
  ) {}

  readOrLease(request: ReadRequest): Promise<ReadReply> {
    return this.#send("readOrLease", () => this.inner.readOrLease(request));
  }
  fill(request: FillRequest): Promise<boolean> {
    return this.#send("fill", () => this.inner.fill(request));
  }
  renew(key: string, lease: { token: string; ms: number }): Promise<void> {
    return this.#send("renew", () => this.inner.renew(key, lease));
  }
  abandon(key: string, token: string): Promise<void> {
    return this.#send("abandon", () => this.inner.abandon(key, token));
  }
  invalidate(keys: readonly string[]): Promise<void> {
    return this.#send("invalidate", () => this.inner.invalidate(keys));
  }
  fence(keys: readonly string[], token: string, ms: number): Promise<void> {
    return this.#send("fence", () => this.inner.fence(keys, token, ms));
  }
  release(keys: readonly string[], token: string): Promise<void> {
    return this.#send("release", () => this.inner.release(keys, token));
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

/** Holds the store to its contract, whatever order things come in. */
class AuditedStore implements CacheStore {
  /** Key → the lease that may be filled. */
  readonly #live = new Map<string, { token: string; endsAt: number; signAt: number }>();

  constructor(
    private readonly inner: CacheStore,
    private readonly clock: ManualClock,
    private readonly breaches: string[],
  ) {}

  async readOrLease(request: ReadRequest): Promise<ReadReply> {
    const reply = await this.inner.readOrLease(request);
    const now = this.clock.now();
    if (reply.lease.kind === "granted" && reply.lease.token === request.lease?.token) {
      const live = this.#live.get(request.key);
      const silentMs = live ? now - live.signAt : 0;
      if (live && now < live.endsAt && silentMs <= (patienceOf(live.token) ?? live.endsAt)) {
        this.breaches.push(`two leases of ${request.key}`);
      }
      this.#live.set(request.key, { token: reply.lease.token, endsAt: now + request.lease.ms, signAt: now });
    }
    if (reply.entry) {
      const { readAt }: Row = JSON.parse(reply.entry.payload).json;
      if (reply.entry.ageMs < now - readAt) this.breaches.push(`younger than it is: ${request.key}`);
    }
    return reply;
  }

  async fill(request: FillRequest): Promise<boolean> {
    const stored = await this.inner.fill(request);
    const live = this.#live.get(request.key);
    const holds = live?.token === request.lease?.token && this.clock.now() < (live?.endsAt ?? 0);
    if (stored && !holds) this.breaches.push(`stored under a cancelled lease: ${request.key}`);
    if (stored) this.#live.delete(request.key);
    return stored;
  }

  async renew(key: string, lease: { token: string; ms: number }): Promise<void> {
    await this.inner.renew(key, lease);
    const live = this.#live.get(key);
    if (live?.token === lease.token) live.signAt = this.clock.now();
  }

  async abandon(key: string, token: string): Promise<void> {
    await this.inner.abandon(key, token);
    if (this.#live.get(key)?.token === token) this.#live.delete(key);
  }
  async invalidate(keys: readonly string[]): Promise<void> {
    await this.inner.invalidate(keys);
    this.#cancel(keys);
  }
  async fence(keys: readonly string[], token: string, ms: number): Promise<void> {
    await this.inner.fence(keys, token, ms);
    this.#cancel(keys);
  }
  async release(keys: readonly string[], token: string): Promise<void> {
    await this.inner.release(keys, token);
    this.#cancel(keys);
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

  #cancel(keys: readonly string[]): void {
    for (const key of keys) this.#live.delete(key);
  }
}
