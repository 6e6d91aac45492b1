import type { MonotonicClock } from "./clock";
import { storeErrorCode, TagSlotError } from "./errors";
import type { CacheObserver, StoreOperation, WriteOperation } from "./events";
import type { CacheStore, EntryName, FillRequest, ReadReply, ReadRequest } from "./protocol/store";
import type { StartWatch } from "./start-watch";

interface ReportedStoreOptions {
  store: CacheStore;
  clock: MonotonicClock;
  observer: CacheObserver;
  watch: StartWatch;
}

/** A store that times and reports every operation. */
export class ReportedStore implements CacheStore {
  private readonly store: CacheStore;
  private readonly clock: MonotonicClock;
  private readonly emit: CacheObserver;
  private readonly watch: StartWatch;

  constructor({ store, clock, observer, watch }: ReportedStoreOptions) {
    this.store = store;
    this.clock = clock;
    this.emit = observer;
    this.watch = watch;
  }

  async readOrLease(request: ReadRequest): Promise<ReadReply> {
    const begun = this.clock.elapsed();
    try {
      const reply = await this.store.readOrLease(request);
      this.watch.succeeded();
      if (reply.corrupt) this.emit({ type: "corrupt", key: request.key });
      return reply;
    } catch (error) {
      if (error instanceof TagSlotError) throw error;
      throw this.#failed("read", begun, error);
    }
  }

  async fill(request: FillRequest): Promise<boolean> {
    const stored = await this.#write("fill", 1, () => this.store.fill(request));
    if (!stored) this.emit({ type: "fill-refused", key: request.key });
    return stored;
  }

  renew(entry: EntryName, token: string): Promise<void> {
    return this.#timed("renew", () => this.store.renew(entry, token));
  }

  abandon(entry: EntryName, token: string): Promise<void> {
    return this.#timed("abandon", () => this.store.abandon(entry, token));
  }

  invalidate(names: readonly string[], newsOf?: string): Promise<void> {
    return this.#write("invalidate", names.length, () => this.store.invalidate(names, newsOf));
  }

  fence(names: readonly string[], token: string, ms: number): Promise<void> {
    return this.#write("fence", names.length, () => this.store.fence(names, token, ms));
  }

  release(names: readonly string[], token: string, settled: boolean): Promise<void> {
    return this.#write("release", names.length, () => this.store.release(names, token, settled));
  }

  breakerState() {
    return this.store.breakerState();
  }

  ready(): Promise<void> {
    return this.store.ready();
  }

  close(): Promise<void> {
    return this.store.close();
  }

  async #timed(operation: StoreOperation, run: () => Promise<void>): Promise<void> {
    const begun = this.clock.elapsed();
    try {
      await run();
    } catch (error) {
      throw this.#failed(operation, begun, error);
    }
  }

  async #write<T>(operation: WriteOperation, keys: number, run: () => Promise<T>): Promise<T> {
    const begun = this.clock.elapsed();
    try {
      const result = await run();
      this.watch.succeeded();
      this.emit({ type: "stored", operation, keys, ms: this.clock.elapsed() - begun });
      return result;
    } catch (error) {
      throw this.#failed(operation, begun, error);
    }
  }

  #failed(operation: StoreOperation, begun: number, error: unknown): unknown {
    this.watch.failed(error);
    this.emit({ type: "store-failed", operation, code: storeErrorCode(error), ms: this.clock.elapsed() - begun });
    return error;
  }
}
