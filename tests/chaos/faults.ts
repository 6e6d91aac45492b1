import { setTimeout as pause } from "node:timers/promises";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { startFaultProxy } from "../support/database/fault-proxy";
import type { TestStack } from "../support/database/test-stack";
import { startStack } from "../support/database/test-stack";
import type { ModelServer } from "../support/model/anthropic-server";
import { startModelServer } from "../support/model/anthropic-server";
import { spawnRedis } from "../support/redis/find-redis";
import { TcpProxy } from "../support/redis/tcp-proxy";
import type { PlannedFault } from "./schedule";

/** Two production processes over a PostgreSQL and a Redis of their own, with a proxy that fails before each service. */
export interface World {
  stack: TestStack;
  apps: readonly [AppProcess, AppProcess];
  /** Causes the faults when they are due. Resolves when the last has ended. */
  cause(faults: readonly PlannedFault[]): Promise<void>;
  /**
   * Whether Redis could be reached since this time of the run, and for long enough before: there was no fault, and no
   * process said that an invalidation was late, as it may be on a busy machine.
   */
  redisWasReachable(sinceMs: number): boolean;
  /** Milliseconds since the world began. */
  now(): number;
  stop(): Promise<void>;
}

/**
 * After a fault of Redis, how long an invalidation that did not reach it may still be tried again, and a broken connection
 * be replaced.
 */
const RECOVERY_MS = 10_000;

/** What a process logs whose invalidations did not reach Redis in time, and later that they have; it goes on at once. */
const INVALIDATION = /"waiting":(\d+).*"msg":"invalidation (?:waits for|reached) the cache"/;
const SETTLED_MS = 2_000;

/** The heap of each process, in MB. */
const HEAP_MB = 384;

const DATA = / \/rest\/v1\//;
const AUTH = / \/auth\/v1\//;

export async function startWorld(): Promise<World> {
  const redis = await spawnRedis();
  if (redis?.url === undefined) throw new Error("This needs a redis-server on the PATH.");
  const [stack, model, redisProxy] = await Promise.all([
    startStack({ driver: "postgres" }),
    startModelServer(),
    TcpProxy.start(redis.url),
  ]);
  const [database, modelProxy] = await Promise.all([startFaultProxy(stack.address.url), startFaultProxy(model.url)]);
  answerAtLength(model);
  const environment = {
    SUPABASE_URL: database.url,
    SUPABASE_PUBLISHABLE_KEY: stack.address.publishableKey,
    SUPABASE_JWT_SECRET: stack.address.jwtSecret,
    SUPABASE_JWT_ISSUER: new URL("/auth/v1", stack.address.url).href,
    REDIS_URL: redisProxy.url,
    ANTHROPIC_API_KEY: "a-key-for-the-test-server",
    ANTHROPIC_BASE_URL: modelProxy.url,
    MESSAGES_PER_MINUTE: "1000",
    TOKENS_PER_DAY: "0",
    // With less to spare, a leak shows within minutes: memory grows, or the process ends.
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
    // Some of what is compared is allowed to differ by what the processes log.
    LOG_LEVEL: "info",
  };
  // The first builds the app where that is needed.
  const apps = [await startApp(environment), await startApp(environment)] as const;
  const begun = performance.now();
  const now = () => performance.now() - begun;

  /** Since when Redis has no fault; undefined while it has one. */
  let redisWellSince: number | undefined = Number.NEGATIVE_INFINITY;

  const readers = apps.map((app) => new LogReader(app, now));

  async function cause(planned: PlannedFault): Promise<void> {
    if (planned.target === "memory of redis") return void (await redis?.executor.call(["FLUSHALL"]));
    if (planned.target === "redis") {
      redisWellSince = undefined;
      const { fault } = planned;
      if (fault.kind === "refuse") await redisProxy.refuse();
      else redisProxy.fault = fault;
      await pause(planned.forMs);
      redisProxy.fault = { kind: "none" };
      if (fault.kind === "refuse") await redisProxy.accept();
      redisWellSince = now();
      return;
    }
    const proxy = planned.target === "model" ? modelProxy : database;
    const remove = proxy.inject(planned.fault, within(planned));
    await pause(planned.forMs);
    remove();
  }

  return {
    stack,
    apps,
    now,
    async cause(faults) {
      const first = now();
      await Promise.all(
        faults.map(async (planned) => {
          await pause(Math.max(0, planned.at - (now() - first)));
          await cause(planned);
        }),
      );
    },
    redisWasReachable(sinceMs) {
      const settledAt = Math.max(...readers.map(({ waitedAt }) => waitedAt)) + SETTLED_MS;
      return redisWellSince !== undefined && sinceMs > redisWellSince + RECOVERY_MS && sinceMs > settledAt;
    },
    async stop() {
      await Promise.all(apps.map((app) => app.stop()));
      await Promise.all([database.close(), modelProxy.close(), redisProxy.close(), model.close()]);
      await Promise.all([stack.stop(), redis.stop()]);
    },
  };
}

/** Hears from the log of a process when invalidations wait there. */
class LogReader {
  #unread = "";
  #waiting = false;
  #waitedAt = Number.NEGATIVE_INFINITY;

  constructor(
    app: AppProcess,
    private readonly now: () => number,
  ) {
    app.onOutput = (piece) => {
      const lines = (this.#unread + piece).split("\n");
      this.#unread = lines.pop() ?? "";
      for (const line of lines) this.#readLine(line);
    };
  }

  /** When one waited for the last time, in milliseconds of the run. */
  get waitedAt(): number {
    return this.#waiting ? this.now() : this.#waitedAt;
  }

  #readLine(line: string): void {
    const [, waiting] = INVALIDATION.exec(line) ?? [];
    if (waiting === undefined) return;
    this.#waiting = waiting !== "0";
    this.#waitedAt = this.now();
  }
}

/** The calls that a fault is for: the database's API and its sign-in stand behind one address. */
function within({ target, where }: Extract<PlannedFault, { where: RegExp }>): RegExp {
  if (target === "model") return where;
  const service = target === "data" ? DATA : AUTH;
  return new RegExp(`(?=.*${service.source})(?:${where.source})`);
}

/** Replies of their own for each request, slow enough to be stopped and left. */
function answerAtLength(model: ModelServer): void {
  let replies = 0;
  model.otherwise = (request) => {
    replies += 1;
    // Nobody asks here what was asked.
    model.requests.length = 0;
    if (!request.stream) return { kind: "whole", text: "They spoke of the sea." };
    const words = Array.from({ length: 12 }, (_, index) => `word${index} of reply${replies} `);
    return { kind: "reply", words, everyMs: 40 };
  };
}
