/** A database whose first write can be held back: it has been sent, and nothing of it has happened yet. */
export class HeldWrites {
  readonly #held = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();

  readonly fetch: typeof fetch = async (input, init) => {
    if ((init?.method ?? "GET") !== "GET") {
      this.#held.resolve();
      await this.#released.promise;
    }
    return fetch(input, init);
  };

  /** Resolves when a write is held back. */
  get held(): Promise<void> {
    return this.#held.promise;
  }

  /** Lets go of it, and of all that follow. */
  release(): void {
    this.#released.resolve();
  }
}
