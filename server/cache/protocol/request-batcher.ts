import { StoreError } from "../errors";
import { TickBatch } from "./batch";
import type { Breaker } from "./breaker";
import { hashTagOf } from "./hash-tag";
import type { ScriptCall, ScriptReply, ScriptRunner } from "./script-runner";
import { isError, resultOf } from "./script-runner";
import { FILL, READ_OR_LEASE } from "./scripts";

interface Waiting extends ScriptCall {
  resolve(reply: unknown): void;
  reject(error: StoreError): void;
}

/** Scripts that take any number of cache keys and reply for each: all calls of one request become one call. */
const MERGED = [READ_OR_LEASE, FILL];

/**
 * Sends all calls of one tick as one request; in a cluster, one for each hash tag. All reads are one call, which comes
 * first, and all fills are another. The others follow in the order in which they were asked.
 */
export class RequestBatcher {
  readonly #runner: ScriptRunner;
  readonly #breaker: Breaker;
  readonly #isCluster: boolean;
  readonly #batch = new TickBatch<Waiting>((calls) => this.#flush(calls));
  /** The reads of this tick. Equal reads share one answer. */
  readonly #reads = new Map<string, Promise<unknown>>();

  constructor(runner: ScriptRunner, breaker: Breaker, isCluster: boolean) {
    this.#runner = runner;
    this.#breaker = breaker;
    this.#isCluster = isCluster;
  }

  async call(call: ScriptCall): Promise<unknown> {
    this.#breaker.assertClosed();
    return this.#add(call);
  }

  /** `sameAs` identifies the read: equal reads of a tick are sent once. */
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

  #flush(waiting: readonly Waiting[]): void {
    this.#reads.clear();
    const requests = this.#isCluster
      ? Map.groupBy(waiting, ({ keys }) => hashTagOf(keys[0] ?? "")).values()
      : [waiting];
    for (const calls of requests) this.#send(calls);
  }

  #send(waiting: readonly Waiting[]): void {
    const groups = [
      ...MERGED.map((script) => waiting.filter((call) => call.script === script)).filter(({ length }) => length > 0),
      ...waiting.filter((call) => !MERGED.includes(call.script)).map((call) => [call]),
    ];
    const sending = this.#breaker.run(async () => {
      const replies = await this.#runner.runAll(groups.map(merge));
      for (const [index, group] of groups.entries()) answer(group, replies[index]);
      if (replies.some(isError)) throw new StoreError("error-reply");
    });
    // Rejecting a call that has been answered has no effect.
    sending.catch((error: unknown) => {
      const failure = error instanceof StoreError ? error : new StoreError("unknown");
      for (const call of waiting) call.reject(failure);
    });
  }
}

function merge(calls: readonly Waiting[]): ScriptCall {
  const [first] = calls;
  if (!first) throw new StoreError("unknown");
  if (calls.length === 1) return first;
  return {
    script: first.script,
    keys: calls.flatMap(({ keys }) => keys),
    args: calls.flatMap(({ args }) => args),
  };
}

/** An error reply answers no call here: the whole request counts as failed, after the calls that succeeded. */
function answer(calls: readonly Waiting[], reply: ScriptReply | undefined): void {
  if (!reply || isError(reply)) return;
  const [first] = calls;
  if (first && !MERGED.includes(first.script)) {
    first.resolve(reply.result);
    return;
  }
  const results = resultOf(reply);
  if (!Array.isArray(results) || results.length !== calls.length) throw new StoreError("protocol");
  for (const [index, call] of calls.entries()) call.resolve(results[index]);
}
