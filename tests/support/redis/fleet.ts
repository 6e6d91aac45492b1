import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { CachePolicy, WriteOptions } from "@/server/cache";
import type { StoreAddress } from "./cache-redis";

/** A request of a fleet's process to its parent. */
export interface Ask {
  id: number;
  what: "load" | "commit" | "acknowledged";
  key: string;
}

export type Task =
  | { name: "hammer"; keys: string[]; policy: CachePolicy; forMs: number }
  | { name: "read"; keys: string[]; policy: CachePolicy; times: number }
  | { name: "write"; keys: string[]; options: WriteOptions };

export interface Settings {
  address: StoreAddress;
  fenceMs: number;
  waitMs: number;
}

interface Message {
  ready?: true;
  ask?: Ask;
  acknowledged?: { key: string; version: number };
  done?: unknown;
}

/** Real processes over one Redis, with this process as their database. */
export class Fleet {
  readonly #processes: FleetProcess[];

  private constructor(
    processes: FleetProcess[],
    readonly database: SharedDatabase,
  ) {
    this.#processes = processes;
  }

  static async start(count: number, settings: Settings): Promise<Fleet> {
    const database = new SharedDatabase();
    const starting = Array.from({ length: count }, () => FleetProcess.start(settings, database));
    return new Fleet(await Promise.all(starting), database);
  }

  process(index: number): FleetProcess {
    const process = this.#processes[index];
    if (!process) throw new Error(`there is no process ${index}`);
    return process;
  }

  /** Gives all processes the same task at the same time. */
  all<Result>(task: Task): Promise<Result[]> {
    return Promise.all(this.#processes.map((process) => process.run<Result>(task)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.kill()));
  }
}

/** Versions per key, with counts of loads and commits. A test can delay each answer. */
export class SharedDatabase {
  readonly #versions = new Map<string, number>();
  readonly #acknowledged = new Map<string, number>();
  readonly loads = new Map<string, number>();
  /** Called between the database's action and its answer. */
  delay: (ask: Ask) => Promise<unknown> | undefined = () => undefined;

  async answer(ask: Ask): Promise<number> {
    if (ask.what === "acknowledged") return this.#acknowledged.get(ask.key) ?? 0;
    if (ask.what === "load") this.loads.set(ask.key, (this.loads.get(ask.key) ?? 0) + 1);
    if (ask.what === "commit") this.#versions.set(ask.key, (this.#versions.get(ask.key) ?? 0) + 1);
    const version = this.#versions.get(ask.key) ?? 0;
    await this.delay(ask);
    return version;
  }

  acknowledge(key: string, version: number): void {
    this.#acknowledged.set(key, Math.max(this.#acknowledged.get(key) ?? 0, version));
  }
}

class FleetProcess {
  #finish: ((result: unknown) => void) | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly database: SharedDatabase,
  ) {}

  static async start(settings: Settings, database: SharedDatabase): Promise<FleetProcess> {
    const child = fork(fileURLToPath(new URL("fleet-process.ts", import.meta.url)), [JSON.stringify(settings)], {
      execArgv: ["--import", "tsx"],
    });
    const started = new FleetProcess(child, database);
    await new Promise<void>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`a process of the fleet ended with ${code}`)));
      child.on("message", (message: Message) => {
        if (message.ready) resolve();
        started.#hear(message);
      });
    });
    return started;
  }

  run<Result>(task: Task): Promise<Result> {
    return new Promise((resolve) => {
      this.#finish = (result) => resolve(result as Result);
      this.child.send({ task });
    });
  }

  /** At once, as in a machine that loses power. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await gone;
  }

  #hear({ ask, acknowledged, done }: Message): void {
    if (ask) {
      this.database.answer(ask).then((value) => {
        if (this.child.connected) this.child.send({ answer: { id: ask.id, value } });
      });
    }
    if (acknowledged) this.database.acknowledge(acknowledged.key, acknowledged.version);
    if (done !== undefined) this.#finish?.(done);
  }
}
