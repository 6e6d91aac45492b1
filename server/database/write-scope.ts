import { AsyncLocalStorage } from "node:async_hooks";

/** The request header that tells the database which write of the cache changes its rows. */
export const WRITE_ID_HEADER = "x-clarify-write";

/** The write of the cache that the running code is part of. The database's webhook reports its id back to us. */
export class WriteScope {
  readonly #writes = new AsyncLocalStorage<{ id: string; ended: boolean }>();

  /** Undefined outside a write, and in work that a write has started without waiting for it. */
  get writeId(): string | undefined {
    const write = this.#writes.getStore();
    return write?.ended ? undefined : write?.id;
  }

  /** Runs a task as part of a write. */
  async run<T>(id: string, task: () => Promise<T>): Promise<T> {
    const write = { id, ended: false };
    try {
      return await this.#writes.run(write, task);
    } finally {
      write.ended = true;
    }
  }
}
