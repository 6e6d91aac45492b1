import { ReplyError } from "ioredis";
import type { MonotonicClock } from "../clock";
import type { InvalidationFeed, OutdatedListener } from "../protocol/store";
import type { RedisClient } from "./redis-client";

const CHANNEL = "__redis__:invalidate";
/** How often the server is asked whether everything has been heard, in milliseconds. */
const BEAT_MS = 250;

export interface RedisFeedOptions {
  /** A client of its own, because a subscribed connection runs no other commands. */
  client: RedisClient;
  /** The prefix of every key. */
  prefix: string;
  clock: MonotonicClock;
  listener: OutdatedListener;
}

/**
 * Hears from Redis which stamps were removed or replaced, by any process, by expiry or by eviction. It uses the
 * server's broadcasting client tracking (https://redis.io/docs/latest/develop/reference/client-side-caching/). The
 * server sends these messages and its answers to `PING` in order, over one connection, so the answer to a `PING`
 * confirms that everything from before that `PING` has been heard.
 */
export class RedisFeed implements InvalidationFeed {
  heardUntil = Number.NEGATIVE_INFINITY;
  readonly #options: RedisFeedOptions;
  /** The number of the connection. Answers that belong to an earlier connection count for nothing. */
  #connection = 0;
  #stopBeating = () => {};

  constructor(options: RedisFeedOptions) {
    this.#options = options;
    const { client } = options.client;
    client.on("ready", () => void this.#begin());
    client.on("close", () => this.#lose());
    client.on("messageBuffer", (_channel, keys: unknown) => this.#hear(keys));
  }

  close(): void {
    this.#lose();
    this.#options.client.client.disconnect();
  }

  async #begin(): Promise<void> {
    const { client } = this.#options.client;
    const connection = this.#connection;
    try {
      const id = await client.client("ID");
      await client.client("TRACKING", "ON", "REDIRECT", id, "BCAST", "PREFIX", this.#options.prefix);
      await client.subscribe(CHANNEL);
    } catch (error) {
      // After any other error the connection is closed, and `ready` comes again.
      if (error instanceof ReplyError && connection === this.#connection) this.#options.listener.refused(error);
      return;
    }
    await this.#beat(connection);
  }

  /** Asks, and asks again a moment after the answer. A connection on which nothing arrives is closed by the client. */
  async #beat(connection: number): Promise<void> {
    const asked = this.#options.clock.elapsed();
    const answered = await this.#options.client.client.ping().then(
      () => true,
      () => false,
    );
    if (!answered || connection !== this.#connection) return;
    this.heardUntil = asked;
    this.#stopBeating = this.#options.clock.schedule(BEAT_MS, () => void this.#beat(connection));
  }

  #lose(): void {
    this.#connection += 1;
    this.heardUntil = Number.NEGATIVE_INFINITY;
    this.#stopBeating();
    this.#options.listener.lost();
  }

  /** `null` after the server was emptied. */
  #hear(keys: unknown): void {
    const { prefix, listener } = this.#options;
    if (!Array.isArray(keys)) {
      listener.lost();
      return;
    }
    const stamps = keys.map(String).filter((key) => key.endsWith(STAMP));
    listener.outdated(stamps.map((key) => key.slice(prefix.length, -STAMP.length)));
  }
}

const STAMP = ":stamp";
