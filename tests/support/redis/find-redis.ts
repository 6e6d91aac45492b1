import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import type { RedisExecutor } from "./executor";
import { realRedis } from "./real-redis";
import { standInRedis } from "./stand-in-redis";

export interface FoundRedis {
  kind: "configured" | "spawned" | "stand-in";
  /** Undefined for the stand-in, which exists only in this process. */
  url: string | undefined;
  executor: RedisExecutor;
  /** Closes the executor, and ends a server that was spawned. */
  stop(): Promise<void>;
}

/**
 * The Redis to test with: the one at `REDIS_URL`, which must then be there; else a `redis-server` on the PATH, on a
 * free port; else the stand-in. Prints which.
 */
export async function findRedis(): Promise<FoundRedis> {
  const found = (await configured()) ?? (await spawnRedis()) ?? (await standIn());
  console.info(`Redis for these tests: ${found.kind}${found.url ? ` (${new URL(found.url).host})` : ""}`);
  return found;
}

async function configured(): Promise<FoundRedis | undefined> {
  const url = process.env.REDIS_URL;
  if (!url) return undefined;
  await reachable(url);
  return { kind: "configured", url, ...connectedTo(url) };
}

function connectedTo(url: string): Pick<FoundRedis, "executor" | "stop"> {
  const executor = realRedis(url);
  return { executor, stop: () => executor.close() };
}

/** A Redis of one's own; undefined without a `redis-server` on the PATH. */
export async function spawnRedis(): Promise<FoundRedis | undefined> {
  const port = await freePort();
  const server = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    {
      stdio: "ignore",
    },
  );
  const started = await new Promise<boolean>((resolve) => {
    server.once("spawn", () => resolve(true));
    server.once("error", () => resolve(false));
  });
  if (!started) return undefined;
  const url = `redis://127.0.0.1:${port}`;
  await reachable(url);
  const { executor, stop: disconnect } = connectedTo(url);
  const end = async () => {
    await disconnect();
    await stop(server);
  };
  return { kind: "spawned", url, executor, stop: end };
}

async function standIn(): Promise<FoundRedis> {
  const executor = await standInRedis();
  return { kind: "stand-in", url: undefined, executor, stop: () => executor.close() };
}

async function reachable(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
  redis.on("error", () => {});
  for (let attempt = 0; ; attempt += 1) {
    try {
      await redis.connect();
      await redis.ping();
      redis.disconnect();
      return;
    } catch (error) {
      if (attempt === 100) throw new Error(`No Redis at ${new URL(url).host}`, { cause: error });
      await sleep(50);
    }
  }
}

async function stop(server: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => server.once("exit", resolve));
  server.kill();
  await gone;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No free port");
  return address.port;
}
