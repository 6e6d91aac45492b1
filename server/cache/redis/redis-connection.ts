import { ReplyError } from "ioredis";
import { StoreError } from "../errors";
import { Deadlines, TIMED_OUT } from "../protocol/deadlines";
import type { ScriptCall, ScriptConnection, ScriptReply } from "../protocol/script-runner";
import type { RedisClient } from "./redis-client";

export interface RedisConnectionOptions {
  client: RedisClient;
  /** A command without an answer fails after this, in milliseconds. */
  timeoutMs: number;
  /** Called before commands are sent, with how many are sent together. */
  onRequest?: ((commands: number) => void) | undefined;
}

/** Runs scripts over TCP. */
export class RedisConnection implements ScriptConnection {
  readonly #client: RedisClient;
  readonly #deadlines: Deadlines;
  readonly #onRequest: (commands: number) => void;

  constructor({ client, timeoutMs, onRequest = () => {} }: RedisConnectionOptions) {
    this.#client = client;
    this.#deadlines = new Deadlines(timeoutMs);
    this.#onRequest = onRequest;
  }

  async send(how: "eval" | "evalsha", calls: readonly ScriptCall[]): Promise<readonly ScriptReply[]> {
    try {
      return await this.#deadlines.within((signal) => orAborted(signal, this.#send(how, calls)));
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw new StoreError(error === TIMED_OUT ? "timeout" : "refused");
    }
  }

  async #send(how: "eval" | "evalsha", calls: readonly ScriptCall[]): Promise<readonly ScriptReply[]> {
    await this.#client.connected();
    this.#onRequest(calls.length);
    const pipeline = this.#client.client.pipeline();
    for (const { script, keys, args } of calls) {
      pipeline[how](how === "eval" ? script.source : script.sha, keys.length, ...keys, ...args);
    }
    const replies = await pipeline.exec();
    if (!replies) throw new StoreError("protocol");
    return replies.map(([error, result]) => {
      if (error === null) return { result };
      // Any error but the server's own answer means that the connection was lost.
      if (error instanceof ReplyError) return { error: error.message };
      throw new StoreError("refused");
    });
  }
}

/** A result that comes after the signal is ignored: a command that was sent cannot be taken back. */
function orAborted<T>(signal: AbortSignal, running: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    running.then(resolve, reject);
  });
}
