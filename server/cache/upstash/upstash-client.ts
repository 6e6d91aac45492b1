import { Redis } from "@upstash/redis";
import type { UpstashEndpoint } from "./upstash-requester";
import { UpstashRequester } from "./upstash-requester";

type Arguments = (string | number)[];

/** What the store asks of `@upstash/redis`: three methods, with replies as they are. */
export interface UpstashClient {
  evalsha(sha: string, keys: string[], args: Arguments): Promise<unknown>;
  eval(script: string, keys: string[], args: Arguments): Promise<unknown>;
  pipeline(): UpstashPipeline;
}

export interface UpstashPipeline {
  evalsha(sha: string, keys: string[], args: Arguments): unknown;
  eval(script: string, keys: string[], args: Arguments): unknown;
  exec(options: { keepErrors: true }): Promise<unknown>;
}

/** Two clients of one database, because a read is given up much sooner than an invalidation. */
export interface UpstashClients {
  reads: UpstashClient;
  writes: UpstashClient;
}

export interface UpstashConnection {
  url: string;
  token: string;
  /** A read, or the raising of a fence, is aborted after this. Default 50 ms. */
  readTimeoutMs?: number;
  /** A fill or an invalidation is aborted after this. Default 500 ms. */
  writeTimeoutMs?: number;
}

/** The clients that the store needs. */
export function createUpstashClients({
  url,
  token,
  readTimeoutMs = 50,
  writeTimeoutMs = 500,
}: UpstashConnection): UpstashClients {
  return {
    reads: createUpstashClient({ url, token, timeoutMs: readTimeoutMs }),
    writes: createUpstashClient({ url, token, timeoutMs: writeTimeoutMs }),
  };
}

/** A client without retries, without pipelining of its own, with replies as they are. */
export function createUpstashClient(endpoint: UpstashEndpoint): Redis {
  return new RawRedis(new UpstashRequester(endpoint));
}

/** Where it is given a requester, Upstash's constructor takes no options. */
class RawRedis extends Redis {
  constructor(requester: UpstashRequester) {
    super(requester);
    this.opts = { automaticDeserialization: false };
  }
}
