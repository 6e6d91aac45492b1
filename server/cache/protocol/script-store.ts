import { StoreError, storeErrorCode, TagSlotError } from "../errors";
import type { BreakerState } from "../events";
import { Breaker } from "./breaker";
import { hashTagged, hashTagOf } from "./hash-tag";

import { StoreNotReadyError } from "./not-ready";
import { RequestBatcher } from "./request-batcher";
import type { ScriptCall, ScriptConnection } from "./script-runner";
import { ScriptRunner } from "./script-runner";
import { ABANDON, FENCE, FILL, INVALIDATE, READ_OR_LEASE, RELEASE, RENEW } from "./scripts";
import type {
  CacheStore,
  EntryName,
  FillRequest,
  InvalidationFeed,
  LeaseState,
  OutdatedListener,
  ReadReply,
  ReadRequest,
  StoreParts,
} from "./store";

/** How a store reaches its Redis. The two connections may be the same. */
export interface ScriptTransport {
  /** For operations that a request waits for. They have a short deadline. */
  readonly reads: ScriptConnection;
  /** For operations that have to get through. */
  readonly writes: ScriptConnection;
  /** Whether all keys of a request must be in one hash slot. */
  readonly isCluster?: boolean;
  /** Reports stamps that are removed or replaced under the prefix, by their names. Absent if the server cannot. */
  readonly follow?: ((prefix: string, listener: OutdatedListener) => InvalidationFeed) | undefined;
  /** Reports that the connection was lost and made anew. Absent if there is none that lasts. */
  readonly onReconnect?: CacheStore["onReconnect"];
  /** @throws with a sentence that says what is wrong, when there is no usable Redis. */
  ready(): Promise<void>;
  /** Closes the sockets. Requests that are under way fail. */
  close(): Promise<void>;
}

/** Options of every store over a Redis. */
export interface ScriptStoreOptions {
  /** The prefix of every key. Default `cc:`. */
  prefix?: string | undefined;
  /** After how many failed requests in a row the breaker opens. Default 3. */
  breakerFailures?: number | undefined;
  /** How long the breaker stays open before a probe, in milliseconds. Default 2 seconds. */
  breakerOpenMs?: number | undefined;
}

/** How many versions of an entry a write removes. Other versions are outdated too, and expire with their TTL. */
const MAX_VERSIONS = 8;

/** A read of no keys, which is the cheapest script there is. */
const NOTHING: ScriptCall = { script: READ_OR_LEASE, keys: [], args: [] };

/** The protocol as Lua scripts, over any connection that runs them: see `scripts.ts`. */
export class ScriptStore implements CacheStore {
  readonly #transport: ScriptTransport;
  /** Bypasses batches and breaker. */
  readonly #runner: ScriptRunner;
  readonly #prefix: string;
  readonly #breaker: Breaker;
  readonly #isCluster: boolean;
  /** The versions of the entries that are read here. A write removes these; those of other releases expire. */
  readonly #versions = new Set<number>();
  readonly #reads: RequestBatcher;
  readonly #writes: RequestBatcher;
  readonly follow: CacheStore["follow"];
  readonly onReconnect: CacheStore["onReconnect"];

  constructor(transport: ScriptTransport, parts: StoreParts, options: ScriptStoreOptions = {}) {
    const { prefix = "cc:", breakerFailures = 3, breakerOpenMs = 2_000 } = options;
    const reads = new ScriptRunner(transport.reads);
    this.#transport = transport;
    this.#runner = new ScriptRunner(transport.writes);
    if (/[{}]/.test(prefix))
      throw new TypeError("A prefix has no braces: in a cluster they would name one slot for all keys");
    this.#prefix = prefix;
    const { follow } = transport;
    this.follow = follow && ((listener) => follow(prefix, listener));
    this.onReconnect = transport.onReconnect;
    this.#breaker = new Breaker({
      failures: breakerFailures,
      halfOpenAfterMs: breakerOpenMs,
      probe: async () => void (await reads.run(NOTHING)),
      background: parts.background,
      observer: parts.observer,
      clock: parts.clock,
    });
    this.#isCluster = transport.isCluster ?? false;
    this.#reads = new RequestBatcher(reads, this.#breaker, this.#isCluster);
    this.#writes = new RequestBatcher(this.#runner, this.#breaker, this.#isCluster);
  }

  async readOrLease(request: ReadRequest): Promise<ReadReply> {
    const { ttlMs, agingMs, keepMs, lease } = request;
    const keys = this.#entryKeys(request);
    if (this.#isCluster) assertOneSlot(request);
    const wantExpired = request.wantExpired ? 1 : 0;
    const args = [request.tags.length + 1, ttlMs, agingMs, wantExpired, keepMs];
    const reply = await this.#reads.read(`${args.join(" ")} ${lease?.ms ?? 0} ${keys.join(" ")}`, () => ({
      script: READ_OR_LEASE,
      keys,
      args: [...args, lease?.token ?? "", lease?.ms ?? 0],
    }));
    return readReply(reply, lease?.token);
  }

  async fill(request: FillRequest): Promise<boolean> {
    const { tags, payload, keepMs, lease } = request;
    const args = [tags.length + 1, lease.token, payload, keepMs, lease.ms];
    const reply = await this.#writes.call({ script: FILL, keys: this.#entryKeys(request), args });
    if (reply !== 0 && reply !== 1) throw new StoreError("protocol");
    return reply === 1;
  }

  async renew(entry: EntryName, token: string): Promise<void> {
    done(await this.#reads.call({ script: RENEW, keys: [this.#leaseKey(entry)], args: [token] }));
  }

  async abandon(entry: EntryName, token: string): Promise<void> {
    done(await this.#writes.call({ script: ABANDON, keys: [this.#leaseKey(entry)], args: [token] }));
  }

  async invalidate(names: readonly string[], newsOf = ""): Promise<void> {
    await this.#callForAll(this.#writes, { script: INVALIDATE, keys: names, args: [newsOf] });
  }

  async fence(names: readonly string[], token: string, ms: number): Promise<void> {
    await this.#callForAll(this.#reads, { script: FENCE, keys: names, args: [token, ms] });
  }

  async release(names: readonly string[], token: string, settled: boolean): Promise<void> {
    await this.#callForAll(this.#writes, { script: RELEASE, keys: names, args: [token, settled ? 1 : 0] });
  }

  breakerState(): BreakerState {
    return this.#breaker.state;
  }

  async ready(): Promise<void> {
    await this.#transport.ready();
    try {
      await this.#runner.run(NOTHING);
    } catch (error) {
      const code = storeErrorCode(error);
      throw new StoreNotReadyError(`The store answers, but runs no scripts (${code}): are EVAL and EVALSHA allowed?`);
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** In a cluster, one call for each hash tag. All calls run, and one that fails makes the whole fail. */
  async #callForAll(batcher: RequestBatcher, { script, keys: names, args }: ScriptCall): Promise<void> {
    const groups = this.#isCluster ? [...Map.groupBy(names, slotOf).values()] : [names];
    const size = 2 + 2 * this.#versions.size;
    const calls = groups.map((group) =>
      batcher.call({ script, keys: group.flatMap((name) => this.#outdatedKeys(name)), args: [size, ...args] }),
    );
    for (const reply of await Promise.all(calls)) done(reply);
  }

  #entryKeys(entry: EntryName & { tags: readonly string[] }): string[] {
    if (this.#versions.size < MAX_VERSIONS) this.#versions.add(entry.version);
    const base = `${this.#prefix}${hashTagged(entry.key)}`;
    const keys = [`${base}:${entry.version}:entry`, `${base}:${entry.version}:lease`, `${base}:stamp`, `${base}:fence`];
    for (const tag of entry.tags) keys.push(...this.#tagKeys(tag));
    return keys;
  }

  #leaseKey({ key, version }: EntryName): string {
    return `${this.#prefix}${hashTagged(key)}:${version}:lease`;
  }

  #outdatedKeys(name: string): string[] {
    const base = `${this.#prefix}${hashTagged(name)}`;
    const known = [...this.#versions].flatMap((version) => [`${base}:${version}:entry`, `${base}:${version}:lease`]);
    return [...this.#tagKeys(name), ...known];
  }

  #tagKeys(name: string): [stamp: string, fence: string] {
    const base = `${this.#prefix}${hashTagged(name)}`;
    return [`${base}:stamp`, `${base}:fence`];
  }
}

/** Keys and tags of one hash tag lie in one slot. */
function slotOf(name: string): string {
  return hashTagOf(hashTagged(name));
}

function assertOneSlot({ key, tags }: ReadRequest): void {
  const elsewhere = tags.find((tag) => slotOf(tag) !== slotOf(key));
  if (elsewhere !== undefined) throw new TagSlotError(key, elsewhere);
}

/** A reply that is not the script's means that the outcome is not known. */
function done(reply: unknown): void {
  if (reply !== 1) throw new StoreError("protocol");
}

/** `asker` is the token that this reader offered. Another reader of the same tick may have offered a token for both. */
function readReply(reply: unknown, asker: string | undefined): ReadReply {
  if (!Array.isArray(reply)) throw new StoreError("protocol");
  const [state, ageMs, payload, holder]: unknown[] = reply;
  if (typeof ageMs !== "number" || typeof payload !== "string" || typeof holder !== "string") {
    throw new StoreError("protocol");
  }
  return {
    entry: ageMs >= 0 ? { payload, ageMs } : undefined,
    lease: leaseState(state, holder, asker),
    corrupt: ageMs === -2,
  };
}

function leaseState(state: unknown, holder: string, asker: string | undefined): LeaseState {
  if (state === 0) return { kind: "none" };
  if (state === 2) return { kind: "blocked" };
  if (state !== 1 || holder === "") throw new StoreError("protocol");
  return { kind: holder === asker ? "granted" : "held", token: holder };
}
