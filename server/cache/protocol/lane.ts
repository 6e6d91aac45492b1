import { StoreError } from "../errors";
import { TickBatch } from "./batch";
import type { Breaker } from "./breaker";
import type { ScriptCall, ScriptReply, ScriptRunner } from "./script-runner";
import { isError, resultOf } from "./script-runner";
import { READ_OR_LEASE } from "./scripts";

interface Waiting extends ScriptCall {
  resolve(reply: unknown): void;
  reject(error: StoreError): void;
}

/**
 * Sends all calls of one tick as one request. All reads are one call, the first; the others follow in the order of
 * asking.
 */
export class Lane {
  readonly #runner: ScriptRunner;
  readonly #breaker: Breaker;
  readonly #batch = new TickBatch<Waiting>((calls) => this.#send(calls));
  /** Reads of this tick: who asks the same gets the same answer. */
  readonly #reads = new Map<string, Promise<unknown>>();

  constructor(runner: ScriptRunner, breaker: Breaker) {
    this.#runner = runner;
    this.#breaker = breaker;
  }

  async call(call: ScriptCall): Promise<unknown> {
    this.#breaker.assertClosed();
    return this.#add(call);
  }

  /** `sameAs` names the question: within a tick it is asked once. */
  async read(sameAs: string, call: () => ScriptCall): Promise<unknown> {
    this.#breaker.assertClosed();
    const asked = this.#reads.get(sameAs);
    if (asked) return asked;
    const reply = this.#add(call());
    this.#reads.set(sameAs, reply);
    return reply;
  }

  #add(call: ScriptCall): Promise<unknown> {
    return new Promise((resolve, reject) => this.#batch.add({ ...call, resolve, reject }));
  }

  #send(waiting: readonly Waiting[]): void {
    this.#reads.clear();
    const reads = waiting.filter((call) => call.script === READ_OR_LEASE);
    const others = waiting.filter((call) => call.script !== READ_OR_LEASE);
    const calls = reads.length > 0 ? [merge(reads), ...others] : others;
    const sending = this.#breaker.run(async () => {
      const replies = await this.#runner.runAll(calls);
      if (reads.length > 0) answerReads(reads, replies[0]);
      const answers = replies.slice(calls.length - others.length);
      for (const [index, call] of others.entries()) answer(call, answers[index]);
      if (answers.some(isError)) throw new StoreError("error-reply");
    });
    // Rejecting a call that was answered already changes nothing.
    sending.catch((error: unknown) => {
      const failure = error instanceof StoreError ? error : new StoreError("unknown");
      for (const call of waiting) call.reject(failure);
    });
  }
}

function merge(reads: readonly ScriptCall[]): ScriptCall {
  const [only] = reads;
  if (only && reads.length === 1) return only;
  return {
    script: READ_OR_LEASE,
    keys: reads.flatMap((read) => read.keys),
    args: reads.flatMap((read) => read.args),
  };
}

function answerReads(reads: readonly Waiting[], reply: ScriptReply | undefined): void {
  const results = resultOf(reply);
  if (!Array.isArray(results) || results.length !== reads.length) throw new StoreError("protocol");
  for (const [index, read] of reads.entries()) read.resolve(results[index]);
}

function answer(call: Waiting, reply: ScriptReply | undefined): void {
  if (reply && !isError(reply)) call.resolve(reply.result);
}
