import type { BackgroundRunner } from "@/server/cache";
import { PublicError } from "@/server/public-error";
import type { ReplyEvent } from "./events";

/** Writes a reply: emits its events, and stops early when the signal aborts. */
export type WriteReply = (emit: (event: ReplyEvent) => void, signal: AbortSignal) => Promise<void>;

/**
 * Identifies a reply: the person, the conversation, and the id of the message that is answered or the reply that is
 * continued.
 */
export interface ReplyKey {
  userId: string;
  sessionId: string;
  id: string;
}

/**
 * This process begins no further reply, because it is about to end. Nothing was stored, so the next process is asked.
 */
export class ShuttingDownError extends PublicError {
  override name = "ShuttingDownError";
  /** No other error has this code. The page tries again by itself, as after a lost connection. */
  readonly code = "PRECONDITION_FAILED";

  constructor() {
    super("Clarify is restarting. Please try again in a moment.");
  }
}

/**
 * The replies that this process is writing. A reply is written to its end with or without listeners. Every listener
 * gets all events from the first.
 */
export class RunningReplies {
  readonly #replies = new Map<string, RunningReply>();
  #closed = false;

  constructor(private readonly background: BackgroundRunner) {}

  /**
   * The events of a reply, from the first; begins the reply if it is not running. Ends early when the signal of the
   * listener aborts.
   * @throws what `write` throws; {ShuttingDownError} instead of beginning a reply after {@link close}.
   */
  async *listen(key: ReplyKey, write: WriteReply, signal: AbortSignal): AsyncGenerator<ReplyEvent> {
    let reply = this.#find(key);
    // The stored text of a stopped reply can be read when it has ended.
    while (reply?.stopped && !reply.unsaved) {
      await reply.free;
      reply = this.#find(key);
    }
    yield* (reply ?? this.#begin(key, write)).listen(signal);
  }

  /** The events of a reply, from the first; undefined if it is not running in this process. */
  join(key: ReplyKey, signal: AbortSignal): AsyncGenerator<ReplyEvent> | undefined {
    return this.#find(key)?.listen(signal);
  }

  /**
   * Stops the replies of a conversation, or the one with this id. Resolves when each has stored its text, or has
   * released the conversation until it can.
   */
  async stop({ userId, sessionId, id = "" }: Omit<ReplyKey, "id"> & { id?: string | undefined }): Promise<void> {
    const wanted = toText({ userId, sessionId, id });
    const stopped = [...this.#replies].filter(([key]) => key.startsWith(wanted)).map(([, reply]) => reply);
    for (const reply of stopped) reply.stop();
    await Promise.all(stopped.map(({ free }) => free));
  }

  /** Whether no further reply is begun. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Begins no further reply. Resolves when the running replies have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#ended();
  }

  /** Stops the running replies: their text is stored, and can be continued by another process. */
  async cut(): Promise<void> {
    for (const reply of this.#replies.values()) reply.stop();
    await this.#ended();
  }

  async #ended(): Promise<void> {
    await Promise.all([...this.#replies.values()].map(({ ended }) => ended));
  }

  #find(key: ReplyKey): RunningReply | undefined {
    return this.#replies.get(toText(key));
  }

  #begin(key: ReplyKey, write: WriteReply): RunningReply {
    if (this.#closed) throw new ShuttingDownError();
    const reply = new RunningReply(write);
    this.#replies.set(toText(key), reply);
    this.background.run("write reply", async () => {
      await reply.ended;
      this.#replies.delete(toText(key));
      if (reply.unheardFailure) throw reply.unheardFailure.error;
    });
    return reply;
  }
}

/** Ids contain no colons, so the beginning of a key identifies a conversation. */
function toText({ userId, sessionId, id }: ReplyKey): string {
  return `${userId}:${sessionId}:${id}`;
}

class RunningReply {
  readonly #events: ReplyEvent[] = [];
  readonly #abort = new AbortController();
  #listeners = 0;
  #end: { error: unknown } | "complete" | undefined;
  #changed = Promise.withResolvers<void>();
  /** The error with which it ended while there was no listener. */
  unheardFailure: { error: unknown } | undefined;
  /** Whether the text is complete and only storing it takes longer. */
  unsaved = false;
  readonly #free = Promise.withResolvers<void>();
  /** Never rejects: listeners receive the error. */
  readonly ended: Promise<void>;
  /** Resolves when the conversation accepts the next message: at the end, or earlier if the text waits to be stored. */
  readonly free = this.#free.promise;

  constructor(write: WriteReply) {
    this.ended = this.#run(write).finally(() => this.#free.resolve());
  }

  get stopped(): boolean {
    return this.#abort.signal.aborted;
  }

  stop(): void {
    this.#abort.abort();
  }

  async #run(write: WriteReply): Promise<void> {
    try {
      await write((event) => this.#take(event), this.#abort.signal);
      this.#notify(() => {
        this.#end = "complete";
      });
    } catch (error) {
      const failure = { error };
      if (this.#listeners === 0) this.unheardFailure = failure;
      this.#notify(() => {
        this.#end = failure;
      });
    }
  }

  #take(event: ReplyEvent): void {
    this.#notify(() => this.#events.push(event));
    if (event.type !== "unsaved") return;
    this.unsaved = true;
    this.#free.resolve();
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
    }
  }

  #notify(change: () => void): void {
    change();
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
