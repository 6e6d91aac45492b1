import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";

export interface CurrentRequest {
  requestId: string;
  /** Whether the person has written within the last moments, through this process or another. */
  justWrote: boolean;
}

/** What the running code knows of the current request: its id for every log line, and whether its person just wrote. */
export class RequestScope {
  readonly #requests = new AsyncLocalStorage<CurrentRequest>();

  /** The id of the request that is being served; undefined outside a request. */
  get requestId(): string | undefined {
    return this.#requests.getStore()?.requestId;
  }

  get justWrote(): boolean {
    return this.#requests.getStore()?.justWrote ?? false;
  }

  /** Runs a task, and everything that it starts, as part of a request. */
  run<T>(request: CurrentRequest, task: () => T): T {
    const current = this.#requests.getStore();
    const isSame = current?.requestId === request.requestId && current.justWrote === request.justWrote;
    return isSame ? task() : this.#requests.run(request, task);
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
