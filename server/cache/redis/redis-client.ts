import type { RedisOptions } from "ioredis";
import { Redis } from "ioredis";
import { StoreError } from "../errors";
import { READY_TIMEOUT_MS, StoreNotReadyError, unreachable } from "../protocol/not-ready";

/** How a Redis is reached over TCP. */
export interface RedisAddress {
  /** `redis://[user:password@]host[:port][/database]`, or `rediss://…` for TLS. */
  url: string;
  /** Makes the client with these options and more: for sentinels, or certificates. Default: by the URL alone. */
  connect?: ((url: string, options: ClientOptions) => Redis) | undefined;
}

/** What a client is made with; replies come as they are. */
export type ClientOptions = Omit<RedisOptions, "replyMapping">;

const LAST_RETRY_MS = 2_000;

const OPTIONS: ClientOptions = {
  // A command that cannot be sent, or was cut off, fails; the store decides what to do without it.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  retryStrategy: (attempt) => Math.min(LAST_RETRY_MS, 25 * 2 ** attempt) * (0.5 + Math.random() / 2),
  // After a failover this address may be that of a replica; the name may lead to the new primary.
  reconnectOnError: (error) => error.message.includes("READONLY"),
  // What every server from 6.2 on speaks, without a round trip to agree on it.
  protocol: 2,
};

const NOT_CONNECTED = new StoreError("refused");

/** One TCP connection, which is made anew whenever it is lost. */
export class RedisClient {
  readonly client: Redis;
  readonly #address: RedisAddress;
  #connected = promise();

  /**
   * @param silenceMs a connection on which a command waits longer than this for any answer is given up
   * @throws {TypeError} when the URL is not one of a Redis.
   */
  constructor(address: RedisAddress, silenceMs: number) {
    this.#address = address;
    this.client = this.#create({ socketTimeout: silenceMs });
    this.client.on("ready", () => this.#connected.resolve());
    this.client.on("close", () => {
      this.#connected.reject(NOT_CONNECTED);
      this.#connected = promise();
    });
    // Whoever wanted something is told by its own command; without a listener the client would write to the console.
    this.client.on("error", () => {});
  }

  /**
   * Resolves once commands can be sent. Between two attempts to connect it rejects at once.
   * @throws {StoreError} `refused`
   */
  async connected(): Promise<void> {
    const { status } = this.client;
    if (status === "ready") return;
    if (status !== "connecting" && status !== "connect") throw NOT_CONNECTED;
    await this.#connected.promise;
  }

  /** @throws {StoreNotReadyError} when no Redis answers there, or it refuses the password. */
  async ready(): Promise<void> {
    const probe = this.#create({
      lazyConnect: true,
      retryStrategy: () => null,
      connectTimeout: READY_TIMEOUT_MS,
      socketTimeout: READY_TIMEOUT_MS,
    });
    let failure: unknown;
    probe.on("error", (error) => {
      failure ??= error;
    });
    try {
      await probe.connect();
      await probe.ping();
    } catch (error) {
      throw notReady(new URL(this.#address.url).host, failure ?? error);
    } finally {
      probe.disconnect();
    }
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }

  #create(more: ClientOptions): Redis {
    const { url, connect = (url, options) => new Redis(url, options) } = this.#address;
    const protocol = URL.canParse(url) ? new URL(url).protocol : "";
    if (protocol !== "redis:" && protocol !== "rediss:") {
      throw new TypeError("The URL of a Redis begins with redis:// or rediss://");
    }
    return connect(url, { ...OPTIONS, ...more });
  }
}

function promise() {
  const made = Promise.withResolvers<void>();
  // Nobody may be waiting.
  made.promise.catch(() => {});
  return made;
}

function notReady(host: string, error: unknown): StoreNotReadyError {
  const message = error instanceof Error ? error.message : "";
  if (/^(NOAUTH|WRONGPASS|ERR (AUTH|invalid password))/.test(message)) {
    return new StoreNotReadyError(
      `Redis at ${host} refuses the login: are the user and the password in the URL right?`,
    );
  }
  if (/RESP type|protocol error/i.test(message)) {
    return new StoreNotReadyError(`What answers at ${host} is no Redis: is the port right?`);
  }
  return unreachable(host, error);
}
