import type { BackgroundRunner } from "@/server/cache";
import type { ReplyEvent } from "./events";

/** Writes a reply: emits its events, and stops early when the signal aborts. */
export type WriteReply = (emit: (event: ReplyEvent) => void, signal: AbortSignal) => Promise<void>;

/**
 * The replies that this process is writing. Whoever sends a message again listens to the reply that is already being
 * written. A reply that has lost its last listener is aborted, and stores what it has in the background.
 */
export class RunningReplies {
  readonly #replies = new Map<string, RunningReply>();

  constructor(private readonly background: BackgroundRunner) {}

  /**
   * The events of the reply under this key, from its first; begins it where it is not running.
   * @throws what `write` throws.
   */
  async *listen(key: string, write: WriteReply, signal: AbortSignal): AsyncGenerator<ReplyEvent> {
    let reply = this.#replies.get(key);
    // It was aborted because it had no listeners. What it stored can be read when it has ended.
    while (reply?.abandoned) {
      await reply.ended;
      reply = this.#replies.get(key);
    }
    yield* (reply ?? this.#begin(key, write)).listen(signal);
  }

  #begin(key: string, write: WriteReply): RunningReply {
    const reply = new RunningReply(write);
    this.#replies.set(key, reply);
    const ended = reply.ended.finally(() => this.#replies.delete(key));
    this.background.run("write reply", () => ended);
    return reply;
  }
}

class RunningReply {
  readonly #events: ReplyEvent[] = [];
  readonly #abort = new AbortController();
  #listeners = 0;
  #end: { error: unknown } | "complete" | undefined;
  #changed = Promise.withResolvers<void>();
  /** Never rejects: listeners receive the error. */
  readonly ended: Promise<void>;

  constructor(write: WriteReply) {
    this.ended = this.#run(write);
  }

  get abandoned(): boolean {
    return this.#abort.signal.aborted;
  }

  async #run(write: WriteReply): Promise<void> {
    try {
      await write((event) => this.#tell(() => this.#events.push(event)), this.#abort.signal);
      this.#tell(() => {
        this.#end = "complete";
      });
    } catch (error) {
      this.#tell(() => {
        this.#end = { error };
      });
    }
  }

  async *listen(signal: AbortSignal): AsyncGenerator<ReplyEvent> {
    this.#listeners += 1;
    const left = Promise.withResolvers<void>();
    const leave = () => left.resolve();
    signal.addEventListener("abort", leave);
    try {
      for (let next = 0; !signal.aborted; ) {
        const event = this.#events[next];
        if (event !== undefined) {
          next += 1;
          yield event;
        } else if (this.#end === undefined) {
          await Promise.race([this.#changed.promise, left.promise]);
        } else if (this.#end === "complete") {
          return;
        } else {
          throw this.#end.error;
        }
      }
    } finally {
      signal.removeEventListener("abort", leave);
      this.#listeners -= 1;
      if (this.#listeners === 0) this.#abort.abort();
    }
  }

  #tell(change: () => void): void {
    change();
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
