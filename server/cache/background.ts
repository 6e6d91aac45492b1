import type { CacheObserver } from "./events";

/**
 * Keeps work alive that no request waits for. The engine starts such work at once and passes it to the runner, so that
 * it is not lost when the request ends: `after()` in Next.js, a list in tests. Tasks never reject.
 */
export interface BackgroundRunner {
  run(name: string, task: () => Promise<void>): void;
}

/** For a process that outlives its requests. */
export const runDirectly: BackgroundRunner = { run: (_name, task) => void task() };

/** Starts work, passes it to the given runner, and knows which work is still running. Never throws. */
export class BackgroundWork implements BackgroundRunner {
  readonly #running = new Set<Promise<void>>();

  constructor(
    private readonly runner: BackgroundRunner,
    private readonly emit: CacheObserver,
  ) {}

  run(name: string, task: () => Promise<void>): void {
    const running = task()
      .catch((error: unknown) => this.emit({ type: "background-failed", name, error }))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    try {
      this.runner.run(name, () => running);
    } catch (error) {
      this.emit({ type: "background-failed", name, error });
    }
  }

  /** Resolves when no work is running, including work that finished work has started. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
