import { randomUUID } from "node:crypto";
import { ReplyError } from "ioredis";
import type { MonotonicClock } from "../clock";
import type { InvalidationFeed, OutdatedListener } from "../protocol/store";
import type { RedisClient } from "./redis-client";

const CHANNEL = "__redis__:invalidate";
const STAMP = ":stamp";
/** How often a key is written in order to be heard of, in milliseconds. */
const BEAT_MS = 250;
/** After this time without a beat the connection is made anew, in milliseconds. Beats expire after it as well. */
const SILENCE_MS = 2_000;

export interface RedisFeedOptions {
  /** A client of its own, because a subscribed connection runs no other commands. */
  client: RedisClient;
  /** The client of the store. What it writes has to be heard here. */
  writer: RedisClient;
  /** The prefix of every key. */
  prefix: string;
  clock: MonotonicClock;
  listener: OutdatedListener;
}

/**
 * Hears from Redis which stamps were removed or replaced, by any process, by expiry or by eviction. It uses the
 * server's broadcasting client tracking (https://redis.io/docs/latest/develop/reference/client-side-caching/), which
 * reports changed keys in the order of their changes.
 *
 * A beat is a key that the store's own client writes. Once it is reported, every change from before it has been
 * reported, and the feed hears what the store writes: a feed that a failover has left at another server hears no beat.
 */
export class RedisFeed implements InvalidationFeed {
  heardUntil = Number.NEGATIVE_INFINITY;
  readonly #options: RedisFeedOptions;
  readonly #beatPrefix: string;
  /** When each beat was sent that has not been heard, by its key. */
  readonly #beats = new Map<string, number>();
  #count = 0;
  /** The number of the connection. What belongs to an earlier one counts for nothing. */
  #connection = 0;
  #stopBeating = () => {};

  constructor(options: RedisFeedOptions) {
    this.#options = options;
    this.#beatPrefix = `${options.prefix}beat:${randomUUID()}:`;
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
    if (connection === this.#connection) this.#beat(this.#options.clock.elapsed());
  }

  /** @param connectedAt when this connection was subscribed */
  #beat(connectedAt: number): void {
    const { client, writer, clock } = this.#options;
    const now = clock.elapsed();
    if (now - Math.max(connectedAt, this.heardUntil) > SILENCE_MS) {
      client.client.disconnect(true);
      return;
    }
    this.#count += 1;
    const key = `${this.#beatPrefix}${this.#count}`;
    this.#beats.set(key, now);
    // A beat that is not written is not heard.
    writer.client.set(key, "", "PX", SILENCE_MS).catch(() => {});
    this.#stopBeating = clock.schedule(BEAT_MS, () => this.#beat(connectedAt));
  }

  #lose(): void {
    this.#connection += 1;
    this.heardUntil = Number.NEGATIVE_INFINITY;
    this.#beats.clear();
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
    const changed = keys.map(String);
    const stamps = changed.filter((key) => key.endsWith(STAMP));
    listener.outdated(stamps.map((key) => key.slice(prefix.length, -STAMP.length)));
    // After the stamps: one message may report them together.
    for (const key of changed) this.#confirm(key);
  }

  #confirm(key: string): void {
    const sentAt = this.#beats.get(key);
    if (sentAt === undefined) return;
    this.heardUntil = Math.max(this.heardUntil, sentAt);
    for (const [earlier, at] of this.#beats) if (at <= sentAt) this.#beats.delete(earlier);
  }
}
