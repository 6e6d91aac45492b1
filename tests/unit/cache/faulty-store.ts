import type { CacheStore, EntryName, FillRequest, ReadReply, ReadRequest } from "@/server/cache";
import { StoreError } from "@/server/cache";

type Operation = Exclude<keyof CacheStore, "follow" | "breakerState" | "ready" | "close">;

/** A store whose chosen operations fail while the test says so, before or after they are applied. */
export class FaultyStore implements CacheStore {
  readonly failing = new Set<Operation>();
  /** Whether a failing operation is applied and only its answer is lost. */
  applied = false;
  readonly calls: Operation[] = [];

  constructor(private readonly inner: CacheStore) {}

  readOrLease(request: ReadRequest): Promise<ReadReply> {
    return this.#do("readOrLease", () => this.inner.readOrLease(request));
  }
  fill(request: FillRequest): Promise<boolean> {
    return this.#do("fill", () => this.inner.fill(request));
  }
  renew(entry: EntryName, token: string): Promise<void> {
    return this.#do("renew", () => this.inner.renew(entry, token));
  }
  abandon(entry: EntryName, token: string): Promise<void> {
    return this.#do("abandon", () => this.inner.abandon(entry, token));
  }
  invalidate(names: readonly string[], newsOf?: string): Promise<void> {
    return this.#do("invalidate", () => this.inner.invalidate(names, newsOf));
  }
  fence(names: readonly string[], token: string, ms: number): Promise<void> {
    return this.#do("fence", () => this.inner.fence(names, token, ms));
  }
  release(names: readonly string[], token: string, settled: boolean): Promise<void> {
    return this.#do("release", () => this.inner.release(names, token, settled));
  }
  breakerState() {
    return this.inner.breakerState();
  }
  ready() {
    return this.inner.ready();
  }
  close() {
    return this.inner.close();
  }

  failEverything(): void {
    for (const operation of ["readOrLease", "fill", "renew", "abandon", "invalidate", "fence", "release"] as const) {
      this.failing.add(operation);
    }
  }

  async #do<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
    this.calls.push(operation);
    if (!this.failing.has(operation)) return run();
    if (this.applied) await run();
    throw new StoreError("timeout");
  }
}
