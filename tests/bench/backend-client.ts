import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type Anthropic from "@anthropic-ai/sdk";
import type { Fault } from "../support/redis/fault";

export type BackendCall =
  | { do: "latency"; databaseMs: number; redisMs: number }
  | { do: "version"; version: number }
  /** `elsewhere`: only on the way that another process takes to Redis. */
  | { do: "fault"; fault: Fault; elsewhere?: boolean }
  | { do: "recover" | "reset" | "counters" | "prompts" | "stop" };

export interface BackendAddress {
  databaseUrl: string;
  redisUrl: string;
  redisToken: string;
  /** The same Redis over TCP. */
  redisTcpUrl: string;
  /** The `redis-server` itself; null without one. */
  redisServerUrl: string | null;
  /** The same over TCP with Pub/Sub; null without a `redis-server`. */
  redisProxyUrl: string | null;
  /** Other ways to the same Redis, with faults of their own, for what takes the part of another process. */
  elsewhere: { redisUrl: string; redisProxyUrl: string | null };
  modelUrl: string;
}

export interface BackendCounters {
  databaseRequests: Record<string, number>;
  redisRequests: number;
  redisCommands: number;
}

/** A prompt as it was sent to the model. */
export type ModelPrompt = Anthropic.MessageStreamParams;

export interface BackendReply {
  id: number;
  result: BackendAddress | BackendCounters | ModelPrompt[] | null;
}

export interface Backend {
  address: BackendAddress;
  tell(call: BackendCall): Promise<void>;
  counters(): Promise<BackendCounters>;
  /** The prompts that the model received since the last call of this. */
  prompts(): Promise<ModelPrompt[]>;
  stop(): Promise<void>;
}

/** Starts Redis behind REST and the stand-in database in a process of their own. */
export async function startBackend(): Promise<Backend> {
  const child = fork(fileURLToPath(new URL("./backend.ts", import.meta.url)));
  const waiting = new Map<number, (result: BackendReply["result"]) => void>();
  let lastId = 0;
  const started = new Promise<BackendReply["result"]>((resolve) => waiting.set(0, resolve));
  child.on("message", ({ id, result }: BackendReply) => {
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  const ask = (call: BackendCall) =>
    new Promise<BackendReply["result"]>((resolve) => {
      lastId += 1;
      waiting.set(lastId, resolve);
      child.send({ id: lastId, call });
    });

  const address = await started;
  if (address === null || !("redisUrl" in address)) throw new Error("The bench's backend did not start");
  return {
    address,
    tell: async (call) => void (await ask(call)),
    async counters() {
      const counters = await ask({ do: "counters" });
      if (counters === null || !("redisRequests" in counters)) throw new Error("The backend answered without counters");
      return counters;
    },
    async prompts() {
      const prompts = await ask({ do: "prompts" });
      if (!Array.isArray(prompts)) throw new Error("The backend answered without prompts");
      return prompts;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.send({ id: -1, call: { do: "stop" } satisfies BackendCall });
      }),
  };
}
