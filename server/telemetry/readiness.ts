import type { BreakerState, Cache } from "@/server/cache";

/**
 * `unavailable`: nothing works without it. `degraded`: everything works, but slower or with less. `draining`: the
 * process is about to end and begins no further reply.
 */
export type ReadinessStatus = "ready" | "degraded" | "unavailable" | "draining";

export interface DependencyCheck {
  state: "ok" | "failed";
  /** How long it took to answer or to fail, in milliseconds. */
  latencyMs: number;
}

export interface Readiness {
  status: ReadinessStatus;
  database: DependencyCheck;
  /** `memory` is this process; it cannot fail. */
  cache: DependencyCheck & { kind: "redis" | "memory"; breaker: BreakerState; waitingInvalidations: number };
  /** The model is not called, because every call costs. */
  model: { kind: "configured" | "offline" };
}

export interface ReadinessOptions {
  /** Rejects while the dependency does not work. The signal aborts when the time for an answer is over. */
  database: (signal: AbortSignal) => Promise<void>;
  /** Null when the cache is in this process. */
  redis: ((signal: AbortSignal) => Promise<void>) | null;
  health: Cache["health"];
  draining: () => boolean;
  model: "configured" | "offline";
  timeoutMs: number;
}

/**
 * Checks all dependencies at once, within `timeoutMs` milliseconds. Concurrent calls share one result, so frequent
 * checks do not load the database. Never rejects, and does not reveal why a dependency failed.
 */
export function checkReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  let running: Promise<Readiness> | undefined;
  return () => {
    running ??= askAll(options).finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function askAll({ database, redis, health, draining, model, timeoutMs }: ReadinessOptions): Promise<Readiness> {
  const [databaseCheck, redisCheck] = await Promise.all([
    check(database, timeoutMs),
    redis === null ? ({ state: "ok", latencyMs: 0 } as const) : check(redis, timeoutMs),
  ]);
  const { breaker, waitingInvalidations } = health();
  const cacheIsWell = redisCheck.state === "ok" && breaker === "closed" && waitingInvalidations === 0;
  return {
    status: draining()
      ? "draining"
      : databaseCheck.state === "failed"
        ? "unavailable"
        : cacheIsWell
          ? "ready"
          : "degraded",
    database: databaseCheck,
    cache: { kind: redis === null ? "memory" : "redis", ...redisCheck, breaker, waitingInvalidations },
    model: { kind: model },
  };
}

async function check(ask: (signal: AbortSignal) => Promise<void>, timeoutMs: number): Promise<DependencyCheck> {
  const begun = performance.now();
  const latencyMs = () => Math.round((performance.now() - begun) * 10) / 10;
  try {
    await ask(AbortSignal.timeout(timeoutMs));
    return { state: "ok", latencyMs: latencyMs() };
  } catch {
    return { state: "failed", latencyMs: latencyMs() };
  }
}

const TIMEOUT_MS = 2_000;

/** The variables that determine the dependencies of the app. */
interface DependencySettings {
  SUPABASE_URL: string;
  SUPABASE_PUBLISHABLE_KEY: string;
  REDIS_URL?: string | undefined;
  UPSTASH_REDIS_REST_URL?: string | undefined;
  ANTHROPIC_API_KEY?: string | undefined;
}

/** The readiness check for the app with this environment. */
export function createReadiness(
  env: DependencySettings,
  cache: Pick<Cache, "health" | "ready">,
  draining: () => boolean,
): () => Promise<Readiness> {
  const shared = env.REDIS_URL !== undefined || env.UPSTASH_REDIS_REST_URL !== undefined;
  return checkReadiness({
    database: (signal) => askDatabase(env, signal),
    redis: shared ? (signal) => until(signal, cache.ready()) : null,
    health: () => cache.health(),
    draining,
    model: env.ANTHROPIC_API_KEY === undefined ? "offline" : "configured",
    timeoutMs: TIMEOUT_MS,
  });
}

/** Queries the database without a user. A refusal by row-level security or for a missing grant counts as an answer. */
async function askDatabase(
  {
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEY: apikey,
  }: Pick<DependencySettings, "SUPABASE_URL" | "SUPABASE_PUBLISHABLE_KEY">,
  signal: AbortSignal,
): Promise<void> {
  const address = new URL("/rest/v1/users?select=id&limit=1", url);
  const response = await fetch(address, { headers: { apikey }, signal, cache: "no-store" });
  const answer: unknown = await response.json();
  if (response.ok && Array.isArray(answer)) return;
  const denied = typeof answer === "object" && answer !== null && "code" in answer && answer.code === "42501";
  if (!denied) throw new Error("The database did not answer");
}

function until(signal: AbortSignal, answer: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    answer.then(resolve, reject);
  });
}
