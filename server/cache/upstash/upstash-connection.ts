import { errors, Redis } from "@upstash/redis";
import { StoreError } from "../errors";
import type { ScriptCall, ScriptConnection, ScriptReply } from "../protocol/script-runner";
import { withKeyLocking } from "./key-locking";
import type { UpstashEndpoint } from "./upstash-requester";
import { UpstashRequester } from "./upstash-requester";

export interface UpstashConnectionOptions extends UpstashEndpoint {
  /** Called before a request is sent, with how many commands it has. */
  onRequest?: ((commands: number) => void) | undefined;
}

/** Runs scripts by Upstash's client, without its retries and pipelining. Replies are passed on unchanged. */
export class UpstashConnection implements ScriptConnection {
  readonly #requester: UpstashRequester;
  readonly #client: RawRedis;
  readonly #onRequest: (commands: number) => void;

  constructor({ onRequest = () => {}, ...endpoint }: UpstashConnectionOptions) {
    this.#requester = new UpstashRequester(endpoint);
    this.#client = new RawRedis(this.#requester);
    this.#onRequest = onRequest;
  }

  async send(how: "eval" | "evalsha", calls: readonly ScriptCall[]): Promise<readonly ScriptReply[]> {
    this.#onRequest(calls.length);
    const [only] = calls;
    return only && calls.length === 1 ? [await this.#one(how, only)] : this.#many(how, calls);
  }

  ready(): Promise<void> {
    return this.#requester.ready();
  }

  close(): Promise<void> {
    return this.#requester.close();
  }

  async #one(how: "eval" | "evalsha", call: ScriptCall): Promise<ScriptReply> {
    try {
      return { result: await this.#client[how](...argumentsOf(how, call)) };
    } catch (error) {
      if (error instanceof errors.UpstashError) return { error: error.message };
      throw toStoreError(error);
    }
  }

  /** A pipeline and not a transaction, in which Upstash would lock the whole database. */
  async #many(how: "eval" | "evalsha", calls: readonly ScriptCall[]): Promise<readonly ScriptReply[]> {
    const pipeline = this.#client.pipeline();
    for (const call of calls) pipeline[how](...argumentsOf(how, call));
    try {
      return await pipeline.exec({ keepErrors: true });
    } catch (error) {
      throw toStoreError(error);
    }
  }
}

/** With a requester given, Upstash's constructor takes no options. */
class RawRedis extends Redis {
  constructor(requester: UpstashRequester) {
    super(requester);
    this.opts = { automaticDeserialization: false };
  }
}

function argumentsOf(how: "eval" | "evalsha", call: ScriptCall): [string, string[], (string | number)[]] {
  const script = withKeyLocking(call.script);
  return [how === "eval" ? script.source : script.sha, [...call.keys], [...call.args]];
}

/** Any error of the client, reduced to its code. */
function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof errors.UpstashError) return new StoreError("error-reply");
  // The client could not interpret the answer to its command.
  return new StoreError(error instanceof TypeError ? "protocol" : "unknown");
}
