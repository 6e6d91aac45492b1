import { StoreError } from "../errors";
import type { Script } from "./scripts";

/** One run of a script. Every key that it touches is in `keys`. */
export interface ScriptCall {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

/** `error` is the server's own text. It may quote the call, so it is only compared and never shown. */
export interface ScriptReply {
  readonly result?: unknown;
  readonly error?: string | undefined;
}

/** A connection to a Redis, over HTTP or TCP. */
export interface ScriptConnection {
  /**
   * Runs the calls in one request and returns a reply for each, in order: `eval` sends the source of each script,
   * `evalsha` its digest.
   * @throws {StoreError} when the outcome is not known.
   */
  send(how: "eval" | "evalsha", calls: readonly ScriptCall[]): Promise<readonly ScriptReply[]>;
}

/** Runs scripts over a connection, and sends scripts that the server has lost again, in full. */
export class ScriptRunner {
  constructor(private readonly connection: ScriptConnection) {}

  /**
   * A reply for each call, in order.
   * @throws {StoreError} when the outcome is not known.
   */
  async runAll(calls: readonly ScriptCall[]): Promise<ScriptReply[]> {
    const replies = await this.#send("evalsha", calls);
    const lost = calls.filter((_, index) => isNoScript(replies[index]));
    if (lost.length === 0) return [...replies];
    const again = [...(await this.#send("eval", lost))];
    return replies.map((reply) => (isNoScript(reply) ? (again.shift() ?? reply) : reply));
  }

  /**
   * The result of one script.
   * @throws {StoreError} `error-reply` when it failed.
   */
  async run(call: ScriptCall): Promise<unknown> {
    return resultOf((await this.runAll([call]))[0]);
  }

  async #send(how: "eval" | "evalsha", calls: readonly ScriptCall[]): Promise<readonly ScriptReply[]> {
    const replies = await this.connection.send(how, calls);
    if (replies.length !== calls.length) throw new StoreError("protocol");
    return replies;
  }
}

/** @throws {StoreError} `error-reply` for an error and for a missing reply. */
export function resultOf(reply: ScriptReply | undefined): unknown {
  if (!reply || isError(reply)) throw new StoreError("error-reply");
  return reply.result;
}

export function isError(reply: ScriptReply): boolean {
  return typeof reply.error === "string";
}

function isNoScript(reply: ScriptReply | undefined): boolean {
  return typeof reply?.error === "string" && reply.error.startsWith("NOSCRIPT");
}
