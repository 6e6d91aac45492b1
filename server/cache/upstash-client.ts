import { Redis } from "@upstash/redis";

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

/**
 * The clients as the store needs them: no retries (a request that was given up may have been applied), no pipelining
 * of its own, replies as they are.
 */
export function createUpstashClients({
  url,
  token,
  readTimeoutMs = 50,
  writeTimeoutMs = 500,
}: UpstashConnection): UpstashClients {
  const client = (timeoutMs: number) =>
    new Redis({
      url,
      token,
      // `retry: false` would still try twice.
      retry: { retries: 0 },
      signal: () => abortAfter(timeoutMs),
      automaticDeserialization: false,
      responseEncoding: false,
      enableAutoPipelining: false,
      enableTelemetry: false,
    });
  return { reads: client(readTimeoutMs), writes: client(writeTimeoutMs) };
}

/** Timers run before arrived data is looked at: after a busy moment, what has already come still counts. */
function abortAfter(ms: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => setImmediate(() => controller.abort(timedOut())), ms);
  timer.unref();
  return controller.signal;
}

function timedOut(): DOMException {
  return new DOMException("The store took too long", "TimeoutError");
}
