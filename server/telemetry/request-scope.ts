import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";

/** The id of the current request, available to every log line. */
export class RequestScope {
  readonly #requests = new AsyncLocalStorage<string>();

  /** The id of the request that is being served; undefined outside a request. */
  get requestId(): string | undefined {
    return this.#requests.getStore();
  }

  /** Runs a task, and everything that it starts, as part of a request. */
  run<T>(requestId: string, task: () => T): T {
    return this.#requests.getStore() === requestId ? task() : this.#requests.run(requestId, task);
  }
}

/**
 * Binds a function to the current request and its trace, so that it can be called later from elsewhere: the body of a
 * stream runs wherever it is read.
 */
export function asPartOfThis<Arguments extends unknown[], Result>(
  task: (...parameters: Arguments) => Result,
): (...parameters: Arguments) => Result {
  return AsyncResource.bind(task);
}

/** The id in the request's headers, or a new one. A header counts only if it looks like an id. */
export function requestIdOf(headers: Pick<Headers, "get">): string {
  const given = headers.get("x-request-id") ?? headers.get("x-vercel-id");
  return given !== null && /^[\w.:-]{1,128}$/.test(given) ? given : crypto.randomUUID();
}
