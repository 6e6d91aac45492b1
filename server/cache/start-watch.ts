import { storeErrorCode } from "./errors";

/** After this many failures before the first success, a warning is due. */
const FAILURES = 3;

/**
 * Warns once, in a sentence, that the store has not worked since the start. A cache that never worked looks like a slow
 * application, and without an observer nothing else would report it.
 */
export class StartWatch {
  #failures = 0;
  #over = false;

  constructor(
    private readonly options: {
      /** @throws with a sentence that says what is wrong. */
      ready: () => Promise<void>;
      /** Keeps the process alive while the diagnosis runs. */
      keep: (name: string, task: () => Promise<void>) => void;
      warn: (message: string) => void;
    },
  ) {}

  succeeded(): void {
    this.#over = true;
  }

  failed(error: unknown): void {
    // While the breaker is open, the store is not asked.
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
