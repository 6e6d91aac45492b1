/**
 * A database whose first write, in any table or in a given one, is held back: it has been sent, and has had no effect
 * yet.
 */
export class HeldWrites {
  readonly #held = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();

  constructor(readonly table?: string) {}

  readonly fetch: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input instanceof Request ? input.url : input));
    const isIt = this.table === undefined || pathname === `/rest/v1/${this.table}`;
    if (isIt && (init?.method ?? "GET") !== "GET") {
      this.#held.resolve();
      await this.#released.promise;
    }
    return fetch(input, init);
  };

  /** Resolves when a write is held back. */
  get held(): Promise<void> {
    return this.#held.promise;
  }

  /** Releases it, and all that follow. */
  release(): void {
    this.#released.resolve();
  }
}
