import { after } from "next/server";
import { createCacheObserver } from "@/server/telemetry/cache-observer";
import type { Logger } from "@/server/telemetry/logger";
import { createLogger } from "@/server/telemetry/logger";
import type { Instruments } from "@/server/telemetry/metrics";
import { otlpExport } from "@/server/telemetry/otlp";
import type { Readiness } from "@/server/telemetry/readiness";
import { createReadiness } from "@/server/telemetry/readiness";
import { countTokens } from "@/server/telemetry/reply-watch";
import { RequestScope } from "@/server/telemetry/request-scope";
import type { ProcessTelemetry } from "@/server/telemetry/telemetry";
import { createTelemetry } from "@/server/telemetry/telemetry";
import { countDecisions, countExtractions, countRedis, countRedisRequest } from "@/server/telemetry/watched";
import type { VerifyAccessToken } from "./auth/access-token";
import { createAccessTokenVerifier } from "./auth/access-token";
import { isOperator } from "./auth/operator";
import type { BackgroundRunner, CacheObserver, CacheStore } from "./cache";
import { createCache, createUpstashClient, createUpstashClients, MemoryStore, UpstashStore } from "./cache";
import { systemClock } from "./clock";
import { createAnthropicExtractor } from "./consolidation/anthropic-extractor";
import { consolidatePatterns } from "./consolidation/consolidate";
import { createConsolidationStore } from "./consolidation/consolidation-store";
import type { Consolidation } from "./consolidation/job";
import { createAnthropicVoice } from "./conversation/anthropic-voice";
import { createOfflineVoice } from "./conversation/offline-voice";
import { RunningReplies } from "./conversation/running-replies";
import type { Voice } from "./conversation/voice";
import { openServiceDatabase, openUserDatabase } from "./database/client";
import type { Env } from "./env";
import { readEnv } from "./env";
import type { Insights } from "./insights/insights";
import { createInsights } from "./insights/insights";
import { MemoryInsightsStore } from "./insights/memory-store";
import { RedisInsightsStore } from "./insights/redis-store";
import type { InsightsStore } from "./insights/store";
import { ConcurrencyLimit } from "./limits/concurrency";
import type { MessageLimiter } from "./limits/message-limiter";
import { createMemoryLimiter, createRedisLimiter } from "./limits/message-limiter";
import type { Services } from "./trpc/context";

/** Of one person, in one process. */
const REPLIES_AT_ONCE = 2;

export interface Deps extends Services {
  env: Env;
  telemetry: ProcessTelemetry;
  /** What the app needs, and how it is. */
  readiness: () => Promise<Readiness>;
  verifyAccessToken: VerifyAccessToken;
  consolidation: Consolidation;
}

/** Builds everything that the process shares from its environment. */
export function createDeps(env: Env): Deps {
  const requests = new RequestScope();
  const logger = createLogger(env.LOG_LEVEL, { requests });
  const part = (name: string) => logger.child({ part: name });
  const telemetry = createTelemetry(otlpExport(env));
  const { instruments } = telemetry;
  const background = createNextBackground(part("background"));
  const observer = createCacheObserver(telemetry, part("cache"));
  const cache = createCache({ store: createStore(env, { background, observer, instruments }), background, observer });
  instruments.observeCache(() => cache.health());
  return {
    env,
    logger,
    requests,
    telemetry,
    insights: createProcessInsights(env, telemetry, part("insights")),
    isOperator: (user) => isOperator(user, env),
    readiness: createReadiness(env, cache),
    clock: systemClock,
    background,
    cache,
    voice: createVoice(env),
    limiter: createLimiter(env, part("limiter"), instruments),
    prewarm: env.PROMPT_PREWARM === "on",
    replies: new RunningReplies(background),
    exports: new ConcurrencyLimit(1),
    replySlots: new ConcurrencyLimit(REPLIES_AT_ONCE),
    openDatabase: (accessToken) =>
      openUserDatabase({ url: env.SUPABASE_URL, publishableKey: env.SUPABASE_PUBLISHABLE_KEY, accessToken }),
    verifyAccessToken: createAccessTokenVerifier({ supabaseUrl: env.SUPABASE_URL, jwtSecret: env.SUPABASE_JWT_SECRET }),
    demoEmail: env.DEMO_EMAIL,
    consolidation: createConsolidation(env, { cache, telemetry, logger: part("consolidation"), clock: systemClock }),
  };
}

/** The only user of the secret key. */
function createConsolidation(
  env: Env,
  shared: Pick<Services, "cache" | "logger" | "clock" | "telemetry">,
): Consolidation {
  const { SUPABASE_URL: url, SUPABASE_SECRET_KEY: secretKey, ANTHROPIC_API_KEY: apiKey } = env;
  if (apiKey === undefined) return { kind: "no-model" };
  if (secretKey === undefined) return { kind: "no-secret-key" };
  const store = createConsolidationStore(openServiceDatabase({ url, secretKey }));
  const { telemetry, ...rest } = shared;
  const { instruments } = telemetry;
  const extractor = createAnthropicExtractor({
    apiKey,
    baseUrl: env.ANTHROPIC_BASE_URL,
    model: env.ANTHROPIC_MODEL,
    onUsage: (usage) => countTokens(instruments, "consolidation", usage),
  });
  const counted = countExtractions(extractor, instruments);
  return { kind: "ready", run: () => consolidatePatterns({ store, extractor: counted, ...rest }) };
}

interface StoreParts {
  background: BackgroundRunner;
  observer: CacheObserver;
  instruments: Instruments;
}

function createStore(env: Env, { background, observer, instruments }: StoreParts): CacheStore {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = env;
  if (url === undefined || token === undefined) return new MemoryStore();
  return new UpstashStore({
    clients: countRedis(createUpstashClients({ url, token }), instruments),
    background,
    observer,
  });
}

function createProcessInsights(env: Env, telemetry: ProcessTelemetry, logger: Logger): Insights {
  const store = createInsightsStore(env, telemetry.instruments);
  return createInsights({ snapshot: telemetry.snapshot, store, clock: systemClock, logger, prices: env.PRICES });
}

function createInsightsStore(env: Env, instruments: Instruments): InsightsStore {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = env;
  if (url === undefined || token === undefined) return new MemoryInsightsStore();
  // Nobody waits for these but an operator.
  const client = createUpstashClient({ url, token, timeoutMs: 2_000 });
  return new RedisInsightsStore({ client, onCommand: () => countRedisRequest(instruments, "insights", 1) });
}

function createLimiter(env: Env, logger: Logger, instruments: Instruments): MessageLimiter {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, MESSAGES_PER_MINUTE: perMinute } = env;
  const count = { perMinute, clock: systemClock };
  if (url === undefined || token === undefined) return countDecisions(createMemoryLimiter(count), instruments);
  const limiter = createRedisLimiter({ url, token, logger, ...count });
  return countDecisions(
    {
      take(userId, use) {
        // A token bucket is one script.
        countRedisRequest(instruments, "limiter", 1);
        return limiter.take(userId, use);
      },
    },
    instruments,
  );
}

function createVoice(env: Env): Voice {
  if (env.ANTHROPIC_API_KEY === undefined) return createOfflineVoice(systemClock);
  return createAnthropicVoice({
    apiKey: env.ANTHROPIC_API_KEY,
    baseUrl: env.ANTHROPIC_BASE_URL,
    model: env.ANTHROPIC_MODEL,
  });
}

/** Keeps the function alive until the work is done; outside a request the work simply runs. */
function createNextBackground(logger: Logger): BackgroundRunner {
  return {
    run(name, task) {
      const running = task().catch((err) => logger.error({ task: name, err }, "background task failed"));
      try {
        after(running);
      } catch {
        // `after` exists only inside a request; the process outlives everything else.
      }
    },
  };
}

declare global {
  var clarifyDeps: Deps | undefined;
}

/**
 * The process's dependencies, built on first use. Next.js bundles pages, route handlers and the proxy apart, each with
 * module instances of its own, and they have to share one cache: so the one instance hangs on the global object.
 */
export function getDeps(): Deps {
  globalThis.clarifyDeps ??= createDeps(readEnv());
  return globalThis.clarifyDeps;
}
