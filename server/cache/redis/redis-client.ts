import type { RedisOptions } from "ioredis";
import { Cluster, Redis } from "ioredis";
import { StoreError } from "../errors";
import { READY_TIMEOUT_MS, StoreNotReadyError, unreachable } from "../protocol/not-ready";
import type { RedisServers } from "./redis-url";
import { serversOf } from "./redis-url";

/** How a Redis is reached over TCP. */
export interface RedisAddress {
  /**
   * `redis://[user:password@]host[:port][/database]`; several hosts of a cluster,
   * `redis+cluster://host:port,host:port`; or sentinels and the group that they watch,
   * `redis+sentinel://host:port,host:port/group`. With `rediss…` for TLS.
   */
  url: string;
  /**
   * Makes the client, with these options and others, for example certificates or the sentinels' own password. A
   * `Cluster` takes them as `redisOptions`, and must have `retryDelayOnFailover: 0`. Default: made from the URL alone.
   */
  connect?: ((url: string, options: ClientOptions) => Redis | Cluster) | undefined;
}

/** The options that every client needs; replies are passed on unchanged. */
export type ClientOptions = Omit<RedisOptions, "replyMapping">;

const LAST_RETRY_MS = 2_000;

const OPTIONS: ClientOptions = {
  // A command that cannot be sent or was cut off fails. The store handles the failure.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  // A feed subscribes anew itself, after commands that a subscribed connection cannot run.
  autoResubscribe: false,
  retryStrategy: (attempt) => Math.min(LAST_RETRY_MS, 25 * 2 ** attempt) * (0.5 + Math.random() / 2),
  // After a failover this address may be that of a replica; the name may lead to the new primary.
  reconnectOnError: (error) => error.message.includes("READONLY"),
  // Every server from 6.2 on speaks it, without a round trip to negotiate.
  protocol: 2,
};

/**
 * A command that a node refused because another one has the slot is sent to that node. A command whose connection was
 * lost is not sent again, because it may have run: a second grant of one lease would allow a load from before a write
 * to be stored.
 */
const CLUSTER_OPTIONS = {
  enableOfflineQueue: false,
  maxRedirections: 4,
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
};

const NOT_CONNECTED = new StoreError("refused");

/** One TCP connection, or one to each node of a cluster, renewed whenever it is lost. */
export class RedisClient {
  readonly client: Redis | Cluster;
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
    // Each command reports its own failure. Without a listener the client would write to the console.
    this.client.on("error", () => {});
  }

  /**
   * Resolves when commands can be sent. Rejects at once between two attempts to connect.
   * @throws {StoreError} `refused`
   */
  async connected(): Promise<void> {
    const { status } = this.client;
    if (status === "ready") return;
    if (status !== "connecting" && status !== "connect") throw NOT_CONNECTED;
    await this.#connected.promise;
  }

  /** Calls the listener each time that the connection has been made anew, before any command is sent on it. */
  onReconnect(listener: () => void): void {
    let isFirst = this.client.status !== "ready";
    this.client.on("ready", () => {
      if (!isFirst) listener();
      isFirst = false;
    });
  }

  /** Whether all keys of a script must be in one hash slot. */
  get isCluster(): boolean {
    return this.client.isCluster;
  }

  /** @throws {StoreNotReadyError} when no Redis answers there, the password is refused, or it is of the other kind. */
  async ready(): Promise<void> {
    const probe = this.#create({
      lazyConnect: true,
      retryStrategy: () => null,
      connectTimeout: READY_TIMEOUT_MS,
      socketTimeout: READY_TIMEOUT_MS,
    });
    let failure: unknown;
    probe.on("error", (error) => {
      failure ??= reasonOf(error);
    });
    const host = hostOf(this.#address.url);
    let clusterNode: boolean;
    try {
      await probe.connect();
      await probe.ping();
      clusterNode = await isClusterNode(probe);
    } catch (error) {
      throw notReady(host, failure ?? error);
    } finally {
      probe.disconnect();
    }
    if (clusterNode && !this.isCluster) {
      throw new StoreNotReadyError(
        `Redis at ${host} is a node of a cluster: the URL has to begin with redis+cluster://`,
      );
    }
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }

  #create(more: ClientOptions): Redis | Cluster {
    const { url, connect } = this.#address;
    const servers = serversOf(url);
    const options = { ...OPTIONS, ...more };
    if (connect) return connect(url, options);
    return servers ? connectToServers(servers, options) : new Redis(url, options);
  }
}

function connectToServers({ kind, nodes, group, tls, ...login }: RedisServers, more: ClientOptions): Redis | Cluster {
  const { username, password } = login;
  const options: ClientOptions = { ...more, ...(username && { username }), ...(password && { password }) };
  if (kind === "sentinel") {
    const secured = tls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true };
    return new Redis({ ...options, ...secured, sentinels: nodes, name: group });
  }
  const { retryStrategy, lazyConnect, enableOfflineQueue: _, ...redisOptions } = options;
  return new Cluster(nodes, {
    ...CLUSTER_OPTIONS,
    lazyConnect,
    clusterRetryStrategy: retryStrategy,
    redisOptions: { ...redisOptions, ...(tls && { tls: {} }) },
  });
}

/** A server that does not say counts as none. */
async function isClusterNode(client: Redis | Cluster): Promise<boolean> {
  const info = await client.info("cluster").catch(() => "");
  return info.includes("cluster_enabled:1");
}

/** The host and port of a URL, without the login, for messages. */
function hostOf(url: string): string {
  const servers = serversOf(url);
  return servers ? servers.nodes.map(({ host, port }) => `${host}:${port}`).join(", ") : new URL(url).host;
}

/** A cluster reports that no node can be used, and in addition why the last one cannot. */
function reasonOf(error: unknown): unknown {
  return error instanceof Error && "lastNodeError" in error ? error.lastNodeError : error;
}

function promise() {
  const made = Promise.withResolvers<void>();
  // There may be no waiting caller.
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
  if (/cluster support disabled/i.test(message)) {
    return new StoreNotReadyError(`Redis at ${host} is no cluster: the URL has to begin with redis://`);
  }
  if (/RESP type|protocol error/i.test(message)) {
    return new StoreNotReadyError(`What answers at ${host} is no Redis: is the port right?`);
  }
  return unreachable(host, error);
}
