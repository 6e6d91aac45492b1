import type { BackgroundRunner } from "../background";
import { StoreError } from "../errors";
import type { BreakerState, CacheObserver } from "../events";
import { Breaker } from "../protocol/breaker";
import { Lane } from "../protocol/lane";
import { ABANDON, FENCE, FILL, READ_OR_LEASE, RELEASE } from "../protocol/scripts";
import type { CacheStore, FillRequest, LeaseState, ReadReply, ReadRequest } from "../protocol/store";
import type { UpstashClients } from "./upstash-client";

export interface UpstashStoreOptions {
  clients: UpstashClients;
  background: BackgroundRunner;
  /** Told about the breaker. */
  observer?: CacheObserver;
  /** In front of every key. Default `cc:`. */
  prefix?: string;
  /** The breaker opens after so many failed requests in a row. Default 3. */
  breakerFailures?: number;
  /** How long it stays open before it is tried again, in milliseconds. Default 2 seconds. */
  breakerOpenMs?: number;
}

/** The protocol over Upstash's REST API, as Lua scripts: see `scripts.ts`. */
export class UpstashStore implements CacheStore {
  readonly #prefix: string;
  readonly #breaker: Breaker;
  /** What a request waits for: given up soon. */
  readonly #soon: Lane;
  /** What has to get through. */
  readonly #patient: Lane;

  constructor({ clients, background, observer = () => {}, prefix = "cc:", ...breaker }: UpstashStoreOptions) {
    this.#prefix = prefix;
    this.#breaker = new Breaker({
      failures: breaker.breakerFailures ?? 3,
      halfOpenAfterMs: breaker.breakerOpenMs ?? 2_000,
      probe: () => this.#soon.probe({ script: READ_OR_LEASE, keys: [], args: [] }),
      background,
      observer,
    });
    this.#soon = new Lane(clients.reads, this.#breaker);
    this.#patient = new Lane(clients.writes, this.#breaker);
  }

  async readOrLease(request: ReadRequest): Promise<ReadReply> {
    const { key, version, ttlMs, agingMs, lease } = request;
    const wantExpired = request.wantExpired ? 1 : 0;
    const question = `${version} ${ttlMs} ${agingMs} ${wantExpired} ${lease?.ms ?? 0} ${key}`;
    const reply = await this.#soon.read(question, () => ({
      script: READ_OR_LEASE,
      keys: this.#redisKeys([key]),
      args: [version, ttlMs, agingMs, wantExpired, lease?.token ?? "", lease?.ms ?? 0],
    }));
    return readReply(reply, lease?.token);
  }

  async fill({ key, version, payload, keepMs, lease }: FillRequest): Promise<boolean> {
    const args = [lease.token, version, payload, keepMs, lease.ms];
    const reply = await this.#patient.call({ script: FILL, keys: this.#redisKeys([key]), args });
    if (reply !== 0 && reply !== 1) throw new StoreError("protocol");
    return reply === 1;
  }

  async abandon(key: string, token: string): Promise<void> {
    done(await this.#patient.call({ script: ABANDON, keys: this.#redisKeys([key]), args: [token] }));
  }

  async invalidate(keys: readonly string[]): Promise<void> {
    await this.release(keys, "");
  }

  async fence(keys: readonly string[], token: string, ms: number): Promise<void> {
    done(await this.#soon.call({ script: FENCE, keys: this.#redisKeys(keys), args: [token, ms] }));
  }

  async release(keys: readonly string[], token: string): Promise<void> {
    done(await this.#patient.call({ script: RELEASE, keys: this.#redisKeys(keys), args: [token] }));
  }

  breakerState(): BreakerState {
    return this.#breaker.state;
  }

  #redisKeys(keys: readonly string[]): string[] {
    return keys.flatMap((key) => {
      const name = this.#prefix + key;
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
