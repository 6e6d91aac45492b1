import { storeErrorCode } from "./errors";

/** So many failures before the first success are worth a word. */
const FAILURES = 3;

/**
 * Says once, in a sentence, that the store has answered nothing well since the start: a cache that never worked looks
 * like a slow application, and nothing else would say so where nobody observes it.
 */
export class StartWatch {
  #failures = 0;
  #over = false;

  constructor(
    private readonly options: {
      /** @throws with a sentence that says what is wrong. */
      ready: () => Promise<void>;
      /** Keeps the diagnosis going. */
      keep: (name: string, task: () => Promise<void>) => void;
      warn: (message: string) => void;
    },
  ) {}

  succeeded(): void {
    this.#over = true;
  }

  failed(error: unknown): void {
    // While the breaker is open nothing is asked.
    if (this.#over || storeErrorCode(error) === "open") return;
    this.#failures += 1;
    if (this.#failures < FAILURES) return;
    this.#over = true;
    this.options.keep("diagnose the store", () => this.#diagnose(storeErrorCode(error)));
  }

  async #diagnose(code: string): Promise<void> {
    const reason = await this.options.ready().then(
      () =>
        `It answers, but what was asked of it failed (${code})${code === "timeout" ? ": is it far away? See readTimeoutMs" : ""}.`,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    this.options.warn(
      `The cache's store has not worked once since the start, and everything is loaded without it. ${reason}`,
    );
  }
}
