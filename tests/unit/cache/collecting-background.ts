import type { BackgroundRunner } from "@/server/cache";

/** Collects background tasks, so that a test can wait for them. */
export class CollectingBackground implements BackgroundRunner {
  readonly names: string[] = [];
  #tasks: Promise<void>[] = [];

  run(name: string, task: () => Promise<void>): void {
    this.names.push(name);
    this.#tasks.push(task());
  }

  /** Resolves when no task is running, including tasks that finished tasks have started. */
  async idle(): Promise<void> {
    while (this.#tasks.length > 0) {
      const tasks = this.#tasks;
      this.#tasks = [];
      await Promise.all(tasks);
    }
  }
}
