import { StoreError, storeErrorCode } from "../errors";
import type { BreakerState } from "../events";
import { Breaker } from "./breaker";
import { hashTagged, hashTagOf } from "./hash-tag";
import { Lane } from "./lane";
import { StoreNotReadyError } from "./not-ready";
import type { ScriptCall, ScriptConnection } from "./script-runner";
import { ScriptRunner } from "./script-runner";
import { ABANDON, FENCE, FILL, INVALIDATE, READ_OR_LEASE, RELEASE, RENEW } from "./scripts";
import type { CacheStore, FillRequest, LeaseState, ReadReply, ReadRequest, StoreParts } from "./store";

/** How a store reaches its Redis. The two connections may be one. */
export interface ScriptTransport {
  /** For what a request waits for: given up soon. */
  readonly reads: ScriptConnection;
  /** For what has to get through. */
  readonly writes: ScriptConnection;
  /** Whether a request can only have keys of one hash slot. */
  readonly isCluster?: boolean;
  /** @throws with a sentence that says what is wrong, when this is no Redis that can be used. */
  ready(): Promise<void>;
  /** Frees the sockets. What is on its way fails. */
  close(): Promise<void>;
}

/** What every store over a Redis can be told. */
export interface ScriptStoreOptions {
  /** In front of every key. Default `cc:`. */
  prefix?: string | undefined;
  /** The breaker opens after so many failed requests in a row. Default 3. */
  breakerFailures?: number | undefined;
  /** How long it stays open before it is tried again, in milliseconds. Default 2 seconds. */
  breakerOpenMs?: number | undefined;
}

/** A read of no keys: the cheapest script there is. */
const NOTHING: ScriptCall = { script: READ_OR_LEASE, keys: [], args: [] };

/** The protocol as Lua scripts, over whatever runs them: see `scripts.ts`. */
export class ScriptStore implements CacheStore {
  readonly #transport: ScriptTransport;
  /** Past lanes and breaker. */
  readonly #runner: ScriptRunner;
  readonly #prefix: string;
  readonly #breaker: Breaker;
  readonly #isCluster: boolean;
  readonly #reads: Lane;
  readonly #writes: Lane;

  constructor(transport: ScriptTransport, parts: StoreParts, options: ScriptStoreOptions = {}) {
    const { prefix = "cc:", breakerFailures = 3, breakerOpenMs = 2_000 } = options;
    const reads = new ScriptRunner(transport.reads);
    this.#transport = transport;
    this.#runner = new ScriptRunner(transport.writes);
    if (/[{}]/.test(prefix))
      throw new TypeError("A prefix has no braces: in a cluster they would name one slot for all keys");
    this.#prefix = prefix;
    this.#breaker = new Breaker({
      failures: breakerFailures,
      halfOpenAfterMs: breakerOpenMs,
      probe: async () => void (await reads.run(NOTHING)),
      background: parts.background,
      observer: parts.observer,
      clock: parts.clock,
    });
    this.#isCluster = transport.isCluster ?? false;
    this.#reads = new Lane(reads, this.#breaker, this.#isCluster);
    this.#writes = new Lane(this.#runner, this.#breaker, this.#isCluster);
  }

  async readOrLease(request: ReadRequest): Promise<ReadReply> {
    const { key, version, ttlMs, agingMs, lease } = request;
    const wantExpired = request.wantExpired ? 1 : 0;
    const question = `${version} ${ttlMs} ${agingMs} ${wantExpired} ${lease?.ms ?? 0} ${key}`;
    const reply = await this.#reads.read(question, () => ({
      script: READ_OR_LEASE,
      keys: this.#redisKeys([key]),
      args: [version, ttlMs, agingMs, wantExpired, lease?.token ?? "", lease?.ms ?? 0],
    }));
    return readReply(reply, lease?.token);
  }

  async fill({ key, version, payload, keepMs, lease }: FillRequest): Promise<boolean> {
    const args = [lease.token, version, payload, keepMs, lease.ms];
    const reply = await this.#writes.call({ script: FILL, keys: this.#redisKeys([key]), args });
    if (reply !== 0 && reply !== 1) throw new StoreError("protocol");
    return reply === 1;
  }

  async renew(key: string, token: string): Promise<void> {
    done(await this.#reads.call({ script: RENEW, keys: this.#redisKeys([key]), args: [token] }));
  }

  async abandon(key: string, token: string): Promise<void> {
    done(await this.#writes.call({ script: ABANDON, keys: this.#redisKeys([key]), args: [token] }));
  }

  async invalidate(keys: readonly string[], newsOf = ""): Promise<void> {
    await this.#callForAll(this.#writes, { script: INVALIDATE, keys, args: [newsOf] });
  }

  async fence(keys: readonly string[], token: string, ms: number): Promise<void> {
    await this.#callForAll(this.#reads, { script: FENCE, keys, args: [token, ms] });
  }

  async release(keys: readonly string[], token: string, settled: boolean): Promise<void> {
    await this.#callForAll(this.#writes, { script: RELEASE, keys, args: [token, settled ? 1 : 0] });
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

  /** In a cluster one call for each hash slot: all of them go on, and one that fails fails the whole. */
  async #callForAll(lane: Lane, { script, keys, args }: ScriptCall): Promise<void> {
    const groups = this.#isCluster ? [...Map.groupBy(keys, (key) => hashTagOf(hashTagged(key))).values()] : [keys];
    const calls = groups.map((group) => lane.call({ script, keys: this.#redisKeys(group), args }));
    for (const reply of await Promise.all(calls)) done(reply);
  }

  #redisKeys(keys: readonly string[]): string[] {
    return keys.flatMap((key) => {
      const name = this.#prefix + hashTagged(key);
      return [`${name}:entry`, `${name}:lease`, `${name}:fence`];
    });
  }
}

/** A reply that is not the script's means that nobody knows what happened. */
function done(reply: unknown): void {
  if (reply !== 1) throw new StoreError("protocol");
}

/** `asker` is the token that this reader offered; another reader of the same tick may have asked for both. */
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
