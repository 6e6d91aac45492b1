import type { BackgroundRunner } from "@/server/cache";

/** Keeps what was handed over, so that a test can wait for it. */
export class CollectingBackground implements BackgroundRunner {
  readonly names: string[] = [];
  #tasks: Promise<void>[] = [];

  run(name: string, task: () => Promise<void>): void {
    this.names.push(name);
    this.#tasks.push(task());
  }

  /** Until nothing is left, what finished tasks started included. */
  async idle(): Promise<void> {
    while (this.#tasks.length > 0) {
      const tasks = this.#tasks;
      this.#tasks = [];
      await Promise.all(tasks);
    }
  }
}
