import type { Requester, UpstashRequest, UpstashResponse } from "@upstash/redis";
import { errors } from "@upstash/redis";
import { Pool } from "undici";
import { StoreError } from "../errors";
import { Deadlines, TIMED_OUT } from "../protocol/deadlines";
import { READY_TIMEOUT_MS, StoreNotReadyError, unreachable } from "../protocol/not-ready";

export interface UpstashEndpoint {
  url: string;
  token: string;
  /** A request is aborted after this, in milliseconds. */
  timeoutMs: number;
}

interface HttpAnswer {
  status: number;
  text: string;
}

/**
 * How Upstash's client reaches its server: by undici's `request`, which takes less than half of the CPU of `fetch`, and
 * without retries, because a request that was given up may have been applied.
 *
 * It sends no `upstash-sync-token`. The token makes a read region catch up before it answers, but every request here is
 * a script, which Upstash runs in the primary region, and the token could not cover the writes of other processes.
 */
export class UpstashRequester implements Requester {
  readonly #pool: Pool;
  readonly #host: string;
  readonly #path: string;
  readonly #headers: Record<string, string>;
  readonly #deadlines: Deadlines;

  /** @throws {TypeError} when the URL is not that of a REST API. */
  constructor({ url, token, timeoutMs }: UpstashEndpoint) {
    const { origin, host, pathname, protocol } = parseUrl(url);
    if (protocol !== "https:" && protocol !== "http:") {
      throw new TypeError(`Upstash is reached by its REST URL (https://…), not by ${protocol}//: use redis() for that`);
    }
    this.#pool = new Pool(origin, { allowH2: false });
    this.#host = host;
    this.#path = pathname.replace(/\/$/, "");
    this.#headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    this.#deadlines = new Deadlines(timeoutMs);
  }

  /** @throws {StoreError | UpstashError} an `UpstashError` when the server answered with a refusal. */
  async request<TResult>({ path = [], body }: UpstashRequest): Promise<UpstashResponse<TResult>> {
    const { status, text } = await this.#postInTime([this.#path, ...path].join("/") || "/", JSON.stringify(body));
    const answer = parse<TResult>(text);
    if (status !== 200) throw new errors.UpstashError(String(answer?.error));
    return answer;
  }

  /** @throws {StoreNotReadyError} when the server is not Upstash, or refuses the token. */
  async ready(): Promise<void> {
    const { status, text } = await this.#ping();
    if (status === 401 || status === 403) throw new StoreNotReadyError(`${status} from Upstash: is the token right?`);
    const answer = parseOrNothing(text);
    if (status === 200 && answer?.result === "PONG") return;
    throw new StoreNotReadyError(
      typeof answer?.error === "string"
        ? `${status} from Upstash: ${answer.error}`
        : `${this.#host} answers ${status}, but not as Upstash does: is the URL right?`,
    );
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  async #ping(): Promise<HttpAnswer> {
    try {
      return await this.#post(this.#path || "/", '["PING"]', AbortSignal.timeout(READY_TIMEOUT_MS));
    } catch (error) {
      throw unreachable(this.#host, error);
    }
  }

  async #postInTime(path: string, body: string): Promise<HttpAnswer> {
    try {
      return await this.#deadlines.within((signal) => this.#post(path, body, signal));
    } catch (error) {
      throw new StoreError(error === TIMED_OUT ? "timeout" : "refused");
    }
  }

  async #post(path: string, body: string, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await this.#pool.request({ method: "POST", path, headers: this.#headers, body, signal });
    return { status: answer.statusCode, text: await answer.body.text() };
  }
}

function parseUrl(url: string): URL {
  if (!URL.canParse(url)) throw new TypeError("The URL of Upstash is no URL: it looks like https://….upstash.io");
  return new URL(url);
}

/** The client and the store check whether it is an answer to the command. */
function parse<TResult>(text: string): UpstashResponse<TResult> {
  try {
    return JSON.parse(text);
  } catch {
    throw new StoreError("protocol");
  }
}

function parseOrNothing(text: string): { result?: unknown; error?: unknown } | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
