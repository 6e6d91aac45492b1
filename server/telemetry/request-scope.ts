import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";

/** The id of the request that the running code belongs to, available to every log line. */
export class RequestScope {
  readonly #requests = new AsyncLocalStorage<string>();

  /** The id of the request that is being served; undefined outside of one. */
  get requestId(): string | undefined {
    return this.#requests.getStore();
  }

  /** Runs something as part of a request, and everything that it starts. */
  run<T>(requestId: string, task: () => T): T {
    return this.#requests.getStore() === requestId ? task() : this.#requests.run(requestId, task);
  }
}

/**
 * The function, to be called later by somebody else and still run as part of this request and its trace: a stream's body
 * runs wherever it is read.
 */
export function asPartOfThis<Arguments extends unknown[], Result>(
  task: (...parameters: Arguments) => Result,
): (...parameters: Arguments) => Result {
  return AsyncResource.bind(task);
}

/** The id that a request came with, or a new one. What comes from outside is an id only if it looks like one. */
export function requestIdOf(headers: Pick<Headers, "get">): string {
  const given = headers.get("x-request-id") ?? headers.get("x-vercel-id");
  return given !== null && /^[\w.:-]{1,128}$/.test(given) ? given : crypto.randomUUID();
}
