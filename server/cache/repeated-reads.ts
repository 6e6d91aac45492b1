import type { MonotonicClock } from "./clock";
import type { CacheStore, ReadReply, ReadRequest } from "./protocol/store";

/**
 * Backoff between reads, in milliseconds: from the first, by this factor, up to the last, each with half of it as
 * jitter.
 */
const FIRST_MS = 10;
const FACTOR = 1.5;
const LAST_MS = 30;
/** Reads of several keys happen at the same multiples of this, in milliseconds, so that they travel in one request. */
const GRID_MS = 5;

/**
 * Repeats reads of keys that another process is loading. However many readers of this process wait for one key, there
 * is one read. A reader takes part only in a read that has not been sent yet, so it never gets an answer that is older
 * than its own request.
 */
export class RepeatedReads {
  readonly #unsent = new Map<string, Promise<ReadReply>>();

  constructor(
    private readonly clock: MonotonicClock,
    private readonly store: Pick<CacheStore, "readOrLease">,
  ) {}

  next(request: ReadRequest, attempt: number): Promise<ReadReply> {
    const id = `${request.version}:${request.ttlMs}:${request.lease?.ms}:${request.key}:${request.tags.join()}`;
    const unsent = this.#unsent.get(id);
    if (unsent) return unsent;
    const repeated = new Promise<ReadReply>((resolve, reject) => {
      const read = () => {
        this.#unsent.delete(id);
        this.store.readOrLease(request).then(resolve, reject);
      };
      const now = this.clock.elapsed();
      const at = Math.ceil((now + readDelay(attempt)) / GRID_MS) * GRID_MS;
      this.clock.schedule(at - now, read, "awaited");
    });
    this.#unsent.set(id, repeated);
    return repeated;
  }
}

function readDelay(attempt: number): number {
  const full = Math.min(LAST_MS, FIRST_MS * FACTOR ** attempt);
  return full * (0.5 + Math.random() / 2);
}
