import type { ChildProcess } from "node:child_process";

/** A child ended that should have kept running. */
export class ChildEndedError extends Error {
  override name = "ChildEndedError";
}

interface Supervised {
  child: ChildProcess;
  ended: Promise<string | null>;
}

/** Supervises the launcher's children: when one ends, the others are stopped. */
export class Supervisor {
  readonly #children: Supervised[] = [];
  #stopping: Promise<void> | null = null;
  #fail: (error: Error) => void = () => undefined;
  /** Rejects when a kept child ends by itself. */
  readonly failure: Promise<never>;

  constructor() {
    this.failure = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failure.catch(() => undefined); // Handled where it is raced. It may reject before that.
  }

  /** Watches a child that has to run until {@link stop}. */
  keep(name: string, child: ChildProcess): void {
    const { ended } = this.#add(child);
    ended.then((how) => {
      if (!this.#stopping) this.#fail(new ChildEndedError(`${name} ended unexpectedly${how ? ` (${how})` : ""}.`));
    });
  }

  /**
   * Waits for a child that runs once and ends.
   * @throws {ChildEndedError} when it does not succeed.
   */
  async complete(name: string, child: ChildProcess): Promise<void> {
    const how = await this.#add(child).ended;
    if (how !== null) throw new ChildEndedError(`${name} failed (${how}).`);
  }

  /** Stops the children, the last one first. Children that take longer than `graceMs` are killed. */
  stop(graceMs: number): Promise<void> {
    this.#stopping ??= this.#stopAll(graceMs);
    return this.#stopping;
  }

  /** Kills the children that still run. */
  kill(): void {
    for (const { child } of this.#children) child.kill("SIGKILL");
  }

  #add(child: ChildProcess): Supervised {
    const ended = new Promise<string | null>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(code === 0 ? null : (signal ?? `exit code ${code}`)));
    });
    const supervised = { child, ended };
    // This child was started while the others were being stopped.
    if (this.#stopping) child.kill("SIGKILL");
    this.#children.push(supervised);
    return supervised;
  }

  async #stopAll(graceMs: number): Promise<void> {
    for (const { child, ended } of this.#children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await ended;
      clearTimeout(timer);
    }
  }
}
