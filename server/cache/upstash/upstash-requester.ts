import type { Requester, UpstashRequest, UpstashResponse } from "@upstash/redis";
import { errors } from "@upstash/redis";
import { Pool } from "undici";
import { StoreError } from "../errors";
import { Deadlines, TIMED_OUT } from "../protocol/deadlines";

const SYNC_TOKEN = "upstash-sync-token";

export interface UpstashEndpoint {
  url: string;
  token: string;
  /** A request is aborted after this, in milliseconds. */
  timeoutMs: number;
}

/**
 * How Upstash's client reaches its server: by undici's `request`, which takes less than half of the CPU of `fetch`, and
 * without retries, because a request that was given up may have been applied.
 */
export class UpstashRequester implements Requester {
  /** What the server last said it holds: it answers the next request from no older replica. */
  upstashSyncToken = "";
  readonly #pool: Pool;
  readonly #path: string;
  readonly #token: string;
  readonly #deadlines: Deadlines;

  constructor({ url, token, timeoutMs }: UpstashEndpoint) {
    const { origin, pathname } = new URL(url);
    this.#pool = new Pool(origin, { allowH2: false });
    this.#path = pathname.replace(/\/$/, "");
    this.#token = token;
    this.#deadlines = new Deadlines(timeoutMs);
  }

  /** @throws {StoreError | UpstashError} an `UpstashError` when the server answered that it would not. */
  async request<TResult>({ path = [], body }: UpstashRequest): Promise<UpstashResponse<TResult>> {
    const { status, text } = await this.#post([this.#path, ...path].join("/") || "/", JSON.stringify(body));
    const answer = parse<TResult>(text);
    if (status !== 200) throw new errors.UpstashError(String(answer?.error));
    return answer;
  }

  async #post(path: string, body: string): Promise<{ status: number; text: string }> {
    try {
      return await this.#deadlines.within(async (signal) => {
        const headers = {
          "content-type": "application/json",
          authorization: `Bearer ${this.#token}`,
          [SYNC_TOKEN]: this.upstashSyncToken,
        };
        const answer = await this.#pool.request({ method: "POST", path, headers, body, signal });
        this.upstashSyncToken = String(answer.headers[SYNC_TOKEN] ?? "");
        return { status: answer.statusCode, text: await answer.body.text() };
      });
    } catch (error) {
      throw new StoreError(error === TIMED_OUT ? "timeout" : "refused");
    }
  }
}

/** Whether it is an answer to the command, the client and the store find out. */
function parse<TResult>(text: string): UpstashResponse<TResult> {
  try {
    return JSON.parse(text);
  } catch {
    throw new StoreError("protocol");
  }
}
