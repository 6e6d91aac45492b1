import { fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import type { FaultProxy } from "@/tests/support/database/fault-proxy";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import type { Person } from "@/tests/support/database/person";
import type { StackAddress } from "@/tests/support/database/test-stack";
import { createHttpClient } from "@/tests/support/http-client";
import { TcpProxy } from "@/tests/support/redis/tcp-proxy";

/** What the processes of the app share. */
export interface Shared {
  stack: StackAddress;
  redisUrl: string;
  modelUrl: string;
}

export interface AppProcess {
  pid: number;
  /** Resolves when it has ended, with its exit code and the signal that killed it. */
  gone: Promise<unknown[]>;
  as(person: Person): ReturnType<typeof createHttpClient>;
  /** Looks for patterns, as a scheduler asks for it. */
  consolidate(): Promise<void>;
  /** Ends it, if it has not ended yet. */
  close(): Promise<void>;
}

/** A process behind proxies of its own, which waits for answers for as long as it is not asked to end. */
export interface Victim extends AppProcess {
  database: FaultProxy;
  redis: TcpProxy;
}

const CRON_SECRET = "the-secret-of-the-scheduler";
const LATE_DEADLINES = new URL("late-deadlines.mjs", import.meta.url).href;
const LATE_TIMERS = new URL("late-timers.mjs", import.meta.url).href;

interface ProcessOptions {
  stack: StackAddress;
  databaseUrl: string;
  redisUrl: string;
  modelUrl: string;
  /** Of Node.js. */
  options: string[];
  environment?: Record<string, string>;
}

async function startProcess(started: ProcessOptions): Promise<AppProcess> {
  const { stack, databaseUrl, redisUrl, modelUrl, options, environment = {} } = started;
  const child = fork("tests/bench/fleet/app-worker.ts", {
    execArgv: ["--import", "tsx", ...options],
    env: {
      ...process.env,
      NODE_ENV: "production",
      LOG_LEVEL: "silent",
      SUPABASE_URL: databaseUrl,
      SUPABASE_JWT_ISSUER: new URL("/auth/v1", stack.url).href,
      SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
      SUPABASE_SECRET_KEY: stack.secretKey,
      SUPABASE_JWT_SECRET: stack.jwtSecret,
      REDIS_URL: redisUrl,
      ANTHROPIC_API_KEY: "a-key-for-the-test-server",
      ANTHROPIC_BASE_URL: modelUrl,
      MESSAGES_PER_MINUTE: "1000",
      CONSISTENCY_SAMPLE: "0",
      CONSOLIDATION_SCHEDULE: "off",
      CRON_SECRET,
      ...environment,
    },
    // Node.js prints pages when it runs out of memory.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const gone = once(child, "exit");
  const [said] = await once(child, "message");
  const { url } = z.object({ url: z.string() }).parse(said);
  if (child.pid === undefined) throw new Error("The process has no id");
  return {
    pid: child.pid,
    gone,
    as: (person) => createHttpClient(url, person),
    async consolidate() {
      const headers = { authorization: `Bearer ${CRON_SECRET}` };
      const response = await fetch(new URL("/api/jobs/consolidate-patterns", url), { headers });
      if (!response.ok) throw new Error(`The job was answered with ${response.status}`);
      await response.arrayBuffer();
    },
    async close() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** A process of the app that lives on. */
export function startSurvivor(shared: Shared): Promise<AppProcess> {
  return startProcess({ ...shared, databaseUrl: shared.stack.url, options: ["--import", LATE_DEADLINES] });
}

/** @param waits whether it has the time to wait for what comes late, when it is asked to end */
export async function startVictim(shared: Shared, { waits = true } = {}): Promise<Victim> {
  const [database, redis] = await Promise.all([startFaultProxy(shared.stack.url), TcpProxy.start(shared.redisUrl)]);
  const inFiveMinutes = new Date(Date.now() + 5 * 60_000);
  const app = await startProcess({
    ...shared,
    databaseUrl: database.url,
    redisUrl: redis.url,
    options: ["--import", LATE_TIMERS, "--max-old-space-size=200"],
    environment: {
      CONSOLIDATION_SCHEDULE: `${inFiveMinutes.getUTCMinutes()} * * * *`,
      DRAIN_SECONDS: waits ? "30" : "1",
      DRAINING_LATENESS: waits ? "2" : "1",
    },
  });
  return {
    ...app,
    database,
    redis,
    async close() {
      await app.close();
      await Promise.all([database.close(), redis.close()]);
    },
  };
}
