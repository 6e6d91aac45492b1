import type { MonotonicClock } from "./clock";
import { WriteTimeoutError } from "./errors";
import type { InvalidationQueue } from "./invalidation-queue";
import type { LeaseTokens } from "./protocol/lease-token";
import type { CacheStore } from "./protocol/store";

export interface WriteOptions {
  /**
   * Whether the write waits until its fence is up, so that its process may die at any moment. Default true. With false
   * it begins at once, a round trip sooner. A process that then commits and dies before its fence was sent leaves the
   * earlier entry in place until its TTL or another invalidation.
   */
  waitForFence?: boolean;
}

export interface WriterOptions {
  store: CacheStore;
  clock: MonotonicClock;
  tokens: LeaseTokens;
  invalidations: InvalidationQueue;
  aroundWrite: <T>(writeId: string, fn: () => Promise<T>) => Promise<T>;
  fenceMs: number;
}

/** The share of a fence that a write may use. The rest is for its release to arrive. */
const WRITE_SHARE = 0.8;

/** The flow of a write: fence, function, release. */
export class Writer {
  constructor(private readonly options: WriterOptions) {}

  async write<T>(
    names: readonly string[],
    fn: (signal: AbortSignal) => Promise<T>,
    { waitForFence = true }: WriteOptions,
  ): Promise<T> {
    const { store, clock, tokens, invalidations, aroundWrite, fenceMs } = this.options;
    const deadline = new AbortController();
    if (names.length === 0) return fn(deadline.signal);
    const token = tokens.next(fenceMs);
    // Counted from before the fence is sent, so that it ends before the fence does.
    const cancel = clock.schedule(fenceMs * WRITE_SHARE, () => deadline.abort(new WriteTimeoutError()));
    // The promise of a write rests on its release, so a fence that cannot be raised does not stop the write.
    const raised = store.fence(names, token, fenceMs).catch(() => {});
    // A failed write may have committed all the same, so a report of it has to invalidate.
    let settled = false;
    try {
      if (waitForFence) await raised;
      const result = await aroundWrite(token, () => fn(deadline.signal));
      settled = true;
      return result;
    } finally {
      cancel();
      // A fence that arrives after its release would stay.
      await raised;
      await invalidations.through(names, () => store.release(names, token, settled));
    }
  }

  async invalidate(names: readonly string[], newsOf: string | undefined): Promise<void> {
    if (names.length === 0) return;
    const { store, invalidations } = this.options;
    if (newsOf === undefined) return invalidations.through(names, () => store.invalidate(names));
    invalidations.sending(names);
    // Names that the store leaves alone were not invalidated by this, and may be waiting for an invalidation.
    await store.invalidate(names, newsOf).catch(() => invalidations.add(names));
  }
}
