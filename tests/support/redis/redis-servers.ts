import type { ChildProcess } from "node:child_process";
import { execFile, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Cluster, Redis } from "ioredis";
import type { RedisExecutor } from "./executor";
import { TcpProxy } from "./tcp-proxy";

/** Whether this machine can start Redis servers. Prints a note if it cannot. */
export function canStartServers(what: string): boolean {
  const installed = ["redis-server", "redis-cli"].every((name) => spawnSync(name, ["--version"]).status === 0);
  if (!installed) console.info(`Skipped: ${what} needs redis-server and redis-cli on the PATH`);
  return installed;
}

/** Redis servers of a test, with a directory for what they write. */
class Servers {
  readonly #processes = new Map<number, ChildProcess>();

  private constructor(readonly directory: string) {}

  static async make(): Promise<Servers> {
    return new Servers(await mkdtemp(join(tmpdir(), "redis-")));
  }

  async start(port: number, ...options: string[]): Promise<void> {
    const common = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", this.directory];
    await this.#spawn(port, [...common, ...options]);
  }

  async startSentinel(port: number, lines: readonly string[]): Promise<void> {
    const file = join(this.directory, `sentinel-${port}.conf`);
    await writeFile(file, [`port ${port}`, "bind 127.0.0.1", ...lines, ""].join("\n"));
    await this.#spawn(port, [file, "--sentinel"]);
  }

  async kill(port: number): Promise<void> {
    const process = this.#processes.get(port);
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const gone = new Promise((resolve) => process.once("exit", resolve));
    process.kill("SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes.keys()].map((port) => this.kill(port)));
    await rm(this.directory, { recursive: true });
  }

  async #spawn(port: number, args: string[]): Promise<void> {
    this.#processes.set(port, spawn("redis-server", args, { stdio: "ignore" }));
    await answering(port);
  }
}

/** Three nodes, each with a third of the hash slots. */
export class RedisCluster {
  private constructor(
    private readonly servers: Servers,
    readonly ports: readonly number[],
    private readonly client: Cluster,
  ) {}

  static async start(): Promise<RedisCluster> {
    const servers = await Servers.make();
    const ports = await freePorts(3);
    const nodes = ports.map((port) => `127.0.0.1:${port}`);
    await Promise.all(
      ports.map((port) =>
        servers
          .start(port, "--cluster-enabled", "yes", "--cluster-config-file", `nodes-${port}.conf`)
          .then(() => cli(port, "config", "set", "cluster-require-full-coverage", "no")),
      ),
    );
    await promisify(execFile)("redis-cli", ["--cluster", "create", ...nodes, "--cluster-yes"]);
    for (const port of ports)
      await until(async () => (await cli(port, "cluster", "info")).includes("cluster_state:ok"));
    return new RedisCluster(servers, ports, new Cluster(ports.map((port) => ({ host: "127.0.0.1", port }))));
  }

  get url(): string {
    return `redis+cluster://${this.ports.map((port) => `127.0.0.1:${port}`).join(",")}`;
  }

  /** The node that has the key, by the index of its port. */
  async nodeOf(key: string): Promise<number> {
    const slot = Number(await cli(this.ports[0] ?? 0, "cluster", "keyslot", key));
    const ranges = await this.client.cluster("SLOTS");
    const range = ranges.find(([from, to]) => from <= slot && slot <= to);
    return this.ports.indexOf(range?.[2]?.[1] ?? 0);
  }

  /** Moves the key's hash slot, with its contents, to another node. */
  async moveSlotOf(key: string, { from, to }: { from: number; to: number }): Promise<void> {
    const [source = 0, target = 0] = [this.ports[from], this.ports[to]];
    const slot = await cli(source, "cluster", "keyslot", key);
    const [sourceId, targetId] = await Promise.all([source, target].map((port) => cli(port, "cluster", "myid")));
    await cli(target, "cluster", "setslot", slot, "importing", sourceId ?? "");
    await cli(source, "cluster", "setslot", slot, "migrating", targetId ?? "");
    const keys = (await cli(source, "cluster", "getkeysinslot", slot, "1000")).split("\n");
    await cli(source, "migrate", "127.0.0.1", String(target), "", "0", "5000", "KEYS", ...keys);
    for (const port of this.ports) await cli(port, "cluster", "setslot", slot, "node", targetId ?? "");
  }

  kill(node: number): Promise<void> {
    return this.servers.kill(this.ports[node] ?? 0);
  }

  /** Runs commands on the node that has their key; KEYS on all of them. */
  get executor(): RedisExecutor {
    return {
      call: async ([name, ...args]) => {
        if (name !== "KEYS") return this.client.call(String(name), ...args.map(String));
        const found = await Promise.all(this.client.nodes("master").map((node) => node.keys(String(args[0]))));
        return found.flat();
      },
      close: async () => {},
    };
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    await this.servers.stop();
  }
}

/** A primary under an address that leads to its replica once it has failed over. */
export class ReplicatedRedis {
  private constructor(
    private readonly servers: Servers,
    private readonly ports: { primary: number; replica: number },
    private readonly address: TcpProxy,
    private readonly replication: TcpProxy,
  ) {}

  static async start(): Promise<ReplicatedRedis> {
    const servers = await Servers.make();
    const [primary = 0, replica = 0] = await freePorts(2);
    await servers.start(primary);
    const [address, replication] = await Promise.all([TcpProxy.start(urlOf(primary)), TcpProxy.start(urlOf(primary))]);
    await servers.start(replica, "--replicaof", "127.0.0.1", new URL(replication.url).port);
    await until(async () => (await cli(replica, "info", "replication")).includes("master_link_status:up"));
    return new ReplicatedRedis(servers, { primary, replica }, address, replication);
  }

  get url(): string {
    return this.address.url;
  }

  /** Resolves when the replica has the key. */
  replicated(key: string): Promise<void> {
    return until(async () => (await cli(this.ports.replica, "exists", key)) === "1");
  }

  /** From now on the replica hears nothing. */
  lag(): void {
    this.replication.fault = { kind: "hang", applied: true };
  }

  async failOver(): Promise<void> {
    await this.servers.kill(this.ports.primary);
    await cli(this.ports.replica, "replicaof", "no", "one");
    await this.address.leadTo(urlOf(this.ports.replica));
  }

  async stop(): Promise<void> {
    await Promise.all([this.address.close(), this.replication.close()]);
    await this.servers.stop();
  }
}

/** A primary, its replica, and a sentinel that can swap them. */
export class WatchedRedis {
  private constructor(
    private readonly servers: Servers,
    private readonly ports: { primary: number; replica: number; sentinel: number },
  ) {}

  static async start(): Promise<WatchedRedis> {
    const servers = await Servers.make();
    const [primary = 0, replica = 0, sentinel = 0] = await freePorts(3);
    await servers.start(primary);
    await servers.start(replica, "--replicaof", "127.0.0.1", String(primary));
    await until(async () => (await cli(replica, "info", "replication")).includes("master_link_status:up"));
    await servers.startSentinel(sentinel, [
      `sentinel monitor watched 127.0.0.1 ${primary} 1`,
      "sentinel down-after-milliseconds watched 500",
      "sentinel failover-timeout watched 5000",
    ]);
    await until(async () => (await cli(sentinel, "sentinel", "replicas", "watched")).includes(String(replica)));
    return new WatchedRedis(servers, { primary, replica, sentinel });
  }

  get url(): string {
    return `redis+sentinel://127.0.0.1:${this.ports.sentinel}/watched`;
  }

  /** Kills the primary, so that the sentinel makes the replica the primary. */
  async failOver(): Promise<void> {
    await this.servers.kill(this.ports.primary);
    await until(() => isOf(this.ports.replica, "master"));
  }

  /** The sentinel makes the replica the primary, and the primary, which lives on, its replica. */
  async swap(): Promise<void> {
    await cli(this.ports.sentinel, "sentinel", "failover", "watched");
    await until(() => isOf(this.ports.replica, "master"));
    await until(() => isOf(this.ports.primary, "slave"));
  }

  stop(): Promise<void> {
    return this.servers.stop();
  }
}

const urlOf = (port: number) => `redis://127.0.0.1:${port}`;

async function cli(port: number, ...command: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("redis-cli", ["-p", String(port), ...command]);
  return stdout.trim();
}

/** A server whose role changes closes its connections, this one too. */
async function isOf(port: number, role: "master" | "slave"): Promise<boolean> {
  return (await cli(port, "role").catch(() => "")).startsWith(role);
}

async function answering(port: number): Promise<void> {
  const redis = new Redis({ port, host: "127.0.0.1", retryStrategy: () => 20, maxRetriesPerRequest: 500 });
  redis.on("error", () => {});
  await redis.ping();
  redis.disconnect();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await holds()); attempt += 1) {
    if (attempt === 600) throw new Error("Redis does not get ready");
    await sleep(50);
  }
}

/** A node of a cluster listens on the port 10,000 above its own as well. */
async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(
    Array.from({ length: count * 8 }, async () => {
      const probe = createServer();
      await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
      return probe;
    }),
  );
  const ports = probes.flatMap((probe) => {
    const address = probe.address();
    return typeof address === "object" && address && address.port <= 55_535 ? [address.port] : [];
  });
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports.slice(0, count);
}
