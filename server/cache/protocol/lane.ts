import { StoreError } from "../errors";
import type { UpstashClient } from "../upstash/upstash-client";
import { errorReply, toStoreError } from "../upstash/upstash-errors";
import { TickBatch } from "./batch";
import type { Breaker } from "./breaker";
import type { Script } from "./scripts";
import { READ_OR_LEASE } from "./scripts";

interface Command {
  readonly script: Script;
  readonly keys: string[];
  readonly args: (string | number)[];
}

interface Call extends Command {
  resolve(reply: unknown): void;
  reject(error: StoreError): void;
}

interface Reply {
  result?: unknown;
  error?: string | undefined;
}

/**
 * A client whose calls of one tick are one HTTP request. All reads are one command, the first; the others follow in
 * the order of asking.
 */
export class Lane {
  readonly #client: UpstashClient;
  readonly #breaker: Breaker;
  readonly #batch = new TickBatch<Call>((calls) => this.#send(calls));
  /** Reads of this tick: who asks the same gets the same answer. */
  readonly #reads = new Map<string, Promise<unknown>>();

  constructor(client: UpstashClient, breaker: Breaker) {
    this.#client = client;
    this.#breaker = breaker;
  }

  async call(command: Command): Promise<unknown> {
    this.#breaker.assertClosed();
    return this.#add(command);
  }

  /** `sameAs` names the question: within a tick it is asked once. */
  async read(sameAs: string, command: () => Command): Promise<unknown> {
    this.#breaker.assertClosed();
    const asked = this.#reads.get(sameAs);
    if (asked) return asked;
    const reply = this.#add(command());
    this.#reads.set(sameAs, reply);
    return reply;
  }

  /** One command at once, past the breaker. */
  async probe(command: Command): Promise<void> {
    for (const reply of await this.#request([command])) resultOf(reply);
  }

  #add(command: Command): Promise<unknown> {
    return new Promise((resolve, reject) => this.#batch.add({ ...command, resolve, reject }));
  }

  #send(calls: readonly Call[]): void {
    this.#reads.clear();
    const reads = calls.filter((call) => call.script === READ_OR_LEASE);
    const others = calls.filter((call) => call.script !== READ_OR_LEASE);
    const commands = reads.length > 0 ? [merge(reads), ...others] : others;
    const sending = this.#breaker.run(async () => {
      const replies = await this.#request(commands);
      if (reads.length > 0) answerReads(reads, replies[0]);
      const answers = replies.slice(commands.length - others.length);
      for (const [index, call] of others.entries()) answer(call, answers[index]);
      if (answers.some(isError)) throw new StoreError("error-reply");
    });
    // Those that were answered already do not notice.
    sending.catch((error: unknown) => {
      const failure = toStoreError(error);
      for (const call of calls) call.reject(failure);
    });
  }

  /** The replies in the order of the commands. Scripts that the server has lost are sent in full, once. */
  async #request(commands: readonly Command[]): Promise<Reply[]> {
    const replies = await this.#execute(commands, "evalsha");
    const lost = commands.filter((_, index) => isNoScript(replies[index]));
    if (lost.length === 0) return replies;
    const again = await this.#execute(lost, "eval");
    return replies.map((reply) => (isNoScript(reply) ? (again.shift() ?? reply) : reply));
  }

  async #execute(commands: readonly Command[], how: "eval" | "evalsha"): Promise<Reply[]> {
    const [only] = commands;
    if (only && commands.length === 1) {
      try {
        return [{ result: await this.#client[how](nameOf(only, how), only.keys, only.args) }];
      } catch (error) {
        return [{ error: errorReply(error) }];
      }
    }
    const pipeline = this.#client.pipeline();
    for (const command of commands) pipeline[how](nameOf(command, how), command.keys, command.args);
    const replies = await pipeline.exec({ keepErrors: true });
    if (!Array.isArray(replies) || replies.length !== commands.length) throw new StoreError("protocol");
    return replies;
  }
}

function nameOf({ script }: Command, how: "eval" | "evalsha"): string {
  return how === "eval" ? script.source : script.sha;
}

function merge(reads: readonly Command[]): Command {
  const [only] = reads;
  if (only && reads.length === 1) return only;
  return {
    script: READ_OR_LEASE,
    keys: reads.flatMap((read) => read.keys),
    args: reads.flatMap((read) => read.args),
  };
}

function answerReads(reads: readonly Call[], reply: Reply | undefined): void {
  const results = resultOf(reply);
  if (!Array.isArray(results) || results.length !== reads.length) throw new StoreError("protocol");
  for (const [index, read] of reads.entries()) read.resolve(results[index]);
}

function answer(call: Call, reply: Reply | undefined): void {
  if (reply && !isError(reply)) call.resolve(reply.result);
}

function resultOf(reply: Reply | undefined): unknown {
  if (!reply || isError(reply)) throw new StoreError("error-reply");
  return reply.result;
}

function isError(reply: Reply): boolean {
  return typeof reply.error === "string";
}

function isNoScript(reply: Reply | undefined): boolean {
  return typeof reply?.error === "string" && reply.error.startsWith("NOSCRIPT");
}
