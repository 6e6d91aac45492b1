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
      signal: deadlines(timeoutMs),
      automaticDeserialization: false,
      responseEncoding: false,
      enableAutoPipelining: false,
      enableTelemetry: false,
    });
  return { reads: client(readTimeoutMs), writes: client(writeTimeoutMs) };
}

/** Made once, because requests that were answered long ago are aborted as well. */
const TIMED_OUT = new DOMException("The store took too long", "TimeoutError");

const SLICES = 10;

/**
 * Signals that abort after `ms` in which this process could have looked at an answer: counted in slices, each with a
 * turn of the event loop behind it, because a process that is busy with itself must not take that for a store that is
 * slow. All requests share one timer, which rests while there are none.
 */
function deadlines(ms: number): () => AbortSignal {
  let waiting: { controller: AbortController; slices: number }[] = [];
  const later = () => setTimeout(() => setImmediate(tick), ms / SLICES).unref();
  const tick = () => {
    for (const request of waiting) {
      request.slices -= 1;
      if (request.slices === 0) request.controller.abort(TIMED_OUT);
    }
    waiting = waiting.filter(({ slices }) => slices > 0);
    if (waiting.length > 0) later();
  };
  return () => {
    const controller = new AbortController();
    if (waiting.length === 0) later();
    waiting.push({ controller, slices: SLICES });
    return controller.signal;
  };
}
