import { AsyncLocalStorage } from "node:async_hooks";

/** The request header by which the database learns which write of the cache changes its rows. */
export const WRITE_ID_HEADER = "x-clarify-write";

/** The write of the cache that the running code is part of. The database's webhook tells it back to us. */
export class WriteScope {
  readonly #writes = new AsyncLocalStorage<{ id: string; ended: boolean }>();

  /** Undefined outside of a write, and for what a write has started and not waited for. */
  get writeId(): string | undefined {
    const write = this.#writes.getStore();
    return write?.ended ? undefined : write?.id;
  }

  /** Runs something as part of a write. */
  async run<T>(id: string, task: () => Promise<T>): Promise<T> {
    const write = { id, ended: false };
    try {
      return await this.#writes.run(write, task);
    } finally {
      write.ended = true;
    }
  }
}
