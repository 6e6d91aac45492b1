import { after } from "next/server";
import type { Logger } from "@/server/telemetry/logger";
import { createLogger } from "@/server/telemetry/logger";
import { otlpExport } from "@/server/telemetry/otlp";
import type { Readiness } from "@/server/telemetry/readiness";
import { createReadiness } from "@/server/telemetry/readiness";
import { RequestScope } from "@/server/telemetry/request-scope";
import type { ProcessTelemetry } from "@/server/telemetry/telemetry";
import { createTelemetry } from "@/server/telemetry/telemetry";
import type { AccessTokenVerifier, VerifyAccessToken } from "./auth/access-token";
import { createAccessTokenVerifier, signAccessToken } from "./auth/access-token";
import { createSessionRenewal } from "./auth/auth-server";
import { isDemoCopy } from "./auth/demo-copy";
import { isOperator } from "./auth/operator";
import type { Revocations } from "./auth/revocations";
import { createMemoryRevocations, createRedisRevocations, refusingRevoked } from "./auth/revocations";
import { SessionRenewer } from "./auth/session-renewer";
import { SignInLimit } from "./auth/sign-in-limit";
import { readBuildId } from "./build-id";
import type { BackgroundRunner, Cache, CacheOptions, NearOptions } from "./cache";
import { createCache } from "./cache";
import { memory } from "./cache/memory";
import { createCacheObserver } from "./clarify/cache-observer";
import { systemClock } from "./clock";
import { createAnthropicExtractor } from "./consolidation/anthropic-extractor";
import { createConsolidationStore } from "./consolidation/consolidation-store";
import { countExtractions } from "./consolidation/count-extractions";
import type { Consolidation } from "./consolidation/job";
import { createLearning } from "./consolidation/learning";
import { createAnthropicVoice } from "./conversation/anthropic-voice";
import { createOfflineVoice } from "./conversation/offline-voice";
import { createRedisRelay } from "./conversation/redis-relay";
import { RunningReplies } from "./conversation/running-replies";
import { createRedisUnsaved, nowhere } from "./conversation/unsaved-replies";
import type { Voice } from "./conversation/voice";
import { openServiceDatabase, openUserDatabase } from "./database/client";
import { WriteScope } from "./database/write-scope";
import type { Demo } from "./demo/job";
import { createDemo } from "./demo/job";
import type { Env } from "./env";
import { DEFAULT_TOKENS_PER_DAY, readEnv } from "./env";
import type { Insights } from "./insights/insights";
import { createInsights } from "./insights/insights";
import { MemoryInsightsStore } from "./insights/memory-store";
import { RedisInsightsStore } from "./insights/redis-store";
import { createJobStore } from "./jobs/job-store";
import { ConcurrencyLimit } from "./limits/concurrency";
import type { MessageLimiter } from "./limits/message-limiter";
import { createMemoryLimiter, createRedisLimiter } from "./limits/message-limiter";
import { countDecisions } from "./limits/metrics";
import { TokenBuckets } from "./limits/token-bucket";
import { TokenBudget } from "./limits/token-budget";
import type { Metrics } from "./metrics";
import { createMetrics } from "./metrics";
import { createRequestCounter } from "./model/count-request";
import { countTokens } from "./model/metrics";
import type { SharedRedis } from "./redis";
import { openRedis } from "./redis";
import type { Retention } from "./retention/job";
import { createRetention } from "./retention/job";
import { createRetentionStore } from "./retention/retention-store";
import { calibrate } from "./tokens/calibrate";
import { TokenCounter } from "./tokens/token-counter";
import type { Services } from "./trpc/context";

/** How many replies one process writes for one person at the same time. */
const REPLIES_AT_ONCE = 2;
/** How many tabs and devices of one person may follow replies of other processes through this process. */
const FOLLOWED_AT_ONCE = 10;

/** A search is sent with every pause in typing: this many in a row, then one in this many milliseconds. */
const SEARCHES_AT_ONCE = 40;
const SEARCH_EVERY_MS = 1_000;

export interface Deps extends Services {
  env: Env;
  /** The id of the running build; null if it has none. */
  buildId: string | null;
  telemetry: ProcessTelemetry;
  metrics: Metrics;
  /** Checks all dependencies. */
  readiness: () => Promise<Readiness>;
  verifyAccessToken: VerifyAccessToken;
  /** A token for the warm-up: the database answers as a person without an account, or refuses. */
  accessTokenOf: (userId: string) => Promise<string>;
  revocations: Revocations;
  sessions: SessionRenewer;
  signInLimit: SignInLimit;
  consolidation: Consolidation;
  retention: Retention;
  demo: Demo;
  /** Prepares to count tokens as the model does. */
  learnTokens: () => Promise<void>;
}

/** Builds everything that the requests of a process share, from its environment. */
export function createDeps(env: Env): Deps {
  const requests = new RequestScope();
  const logger = createLogger(env.LOG_LEVEL, { requests });
  const part = (name: string) => logger.child({ part: name });
  const telemetry = createTelemetry(otlpExport(env));
  const metrics = createMetrics(telemetry.meter);
  const background = createNextBackground(part("background"));
  const observer = createCacheObserver({ metrics, telemetry, logger: part("cache") });
  const redis = openRedis(env, metrics);
  const writes = new WriteScope();
  const aroundWrite: CacheOptions["aroundWrite"] = (writeId, fn) => writes.run(writeId, fn);
  const replies = new RunningReplies(background);
  const cache = createCache({
    store: redis?.store ?? memory(),
    background,
    observer,
    aroundWrite,
    near: nearOptions(env, { redis, requests }),
    checkOneIn: env.CONSISTENCY_SAMPLE,
    checkValues: env.NODE_ENV === "development",
  });
  metrics.observeCache(() => cache.health());
  const consolidation = createConsolidation(env, writes, {
    cache,
    metrics,
    logger: part("consolidation"),
    clock: systemClock,
  });
  const insights = createProcessInsights(env, telemetry, { redis, logger: part("insights") });
  const tokens = new TokenCounter({ model: env.ANTHROPIC_MODEL });
  const revocations = createRevocations(redis, part("sessions"));
  const verify = createVerifier(env);
  return {
    env,
    buildId: readBuildId(env.BUILD_ID),
    logger,
    requests,
    telemetry,
    metrics,
    insights,
    isOperator: (user) => isOperator(user, env),
    readiness: createReadiness(env, cache, () => replies.closed),
    clock: systemClock,
    background,
    cache,
    tokens,
    contextTokens: env.CONTEXT_TOKENS,
    learnTokens: () => learnTokens(env, tokens, cache),
    voice: createVoice(env, tokens),
    limiter: countDecisions(createLimiter(env, redis, part("limiter")), metrics),
    tokenBudget: new TokenBudget({ perDay: env.TOKENS_PER_DAY, clock: systemClock, metrics }),
    prewarm: env.PROMPT_PREWARM === "on",
    replies,
    replyRelay: redis && createRedisRelay(redis.scripts("replies", RELAY_TIMEOUT_MS)),
    openUnsavedReplies: redis ? createRedisUnsaved(redis.scripts("replies", UNSAVED_TIMEOUT_MS)) : nowhere,
    exports: new ConcurrencyLimit(1),
    searches: new TokenBuckets({ capacity: SEARCHES_AT_ONCE, refillMs: SEARCH_EVERY_MS, clock: systemClock }),
    replySlots: new ConcurrencyLimit(REPLIES_AT_ONCE),
    followSlots: new ConcurrencyLimit(FOLLOWED_AT_ONCE),
    openDatabase: (accessToken) =>
      openUserDatabase({ url: env.SUPABASE_URL, publishableKey: env.SUPABASE_PUBLISHABLE_KEY, accessToken, writes }),
    verifyAccessToken: refusingRevoked(verify, revocations),
    accessTokenOf: createSigner(env),
    revocations,
    sessions: new SessionRenewer({
      renew: createSessionRenewal({ url: env.SUPABASE_URL, publishableKey: env.SUPABASE_PUBLISHABLE_KEY }),
      isOurs: async (accessToken) => (await verify(accessToken, { evenExpired: true })) !== null,
      clock: systemClock,
      background,
    }),
    signInLimit: new SignInLimit(systemClock),
    sharedEmail: env.DEMO_EMAIL,
    demoTokenBudget: new TokenBudget({ perDay: demoTokensPerDay(env), clock: systemClock, metrics }),
    consolidation,
    retention: createProcessRetention(env, writes, { cache, metrics, logger: part("retention"), clock: systemClock }),
    retentionDays: env.RETENTION_DAYS ?? null,
    demo: createProcessDemo(env, writes, { cache, logger: part("demo"), clock: systemClock }),
    learning: consolidation.kind,
    wrote({ id, email }) {
      if (!isDemoCopy(email)) insights.sawActive(id);
      if (consolidation.kind === "ready") consolidation.wrote(id);
    },
  };
}

/** Only in processes that live on between requests, because a frozen one hears nothing. */
function nearOptions(
  { NEAR_CACHE_MB, VERCEL }: Env,
  { redis, requests }: { redis: SharedRedis | undefined; requests: RequestScope },
): NearOptions | undefined {
  if (!redis?.canFollow || VERCEL !== undefined || NEAR_CACHE_MB === 0) return undefined;
  return { maxBytes: NEAR_CACHE_MB * 1024 * 1024, bypass: () => requests.justWrote };
}

/** Runs past row-level security, with the secret key. */
function createConsolidation(
  env: Env,
  writes: WriteScope,
  shared: Pick<Services, "cache" | "logger" | "clock" | "metrics">,
): Consolidation {
  const { SUPABASE_URL: url, SUPABASE_SECRET_KEY: secretKey, ANTHROPIC_API_KEY: apiKey } = env;
  if (apiKey === undefined) return { kind: "no-model" };
  if (secretKey === undefined) return { kind: "no-secret-key" };
  const database = openServiceDatabase({ url, secretKey, writes });
  const store = createConsolidationStore(database);
  const { metrics, ...rest } = shared;
  const extractor = createAnthropicExtractor({
    apiKey,
    baseUrl: env.ANTHROPIC_BASE_URL,
    model: env.ANTHROPIC_MODEL,
    onUsage: (usage) => countTokens(metrics, "consolidation", usage),
  });
  const counted = countExtractions(extractor, metrics);
  // A process that lives no longer than its requests has no schedule; a scheduler calls the job.
  const here = env.CONSOLIDATION_SCHEDULE !== "off" && env.VERCEL === undefined;
  const schedule = here ? env.CONSOLIDATION_SCHEDULE : undefined;
  const jobs = createJobStore(database, "consolidate-patterns");
  return createLearning({ store, jobs, extractor: counted, metrics, schedule, ...rest });
}

function createProcessRetention(
  env: Env,
  writes: WriteScope,
  shared: Pick<Services, "cache" | "logger" | "clock"> & { metrics: Metrics },
): Retention {
  const { SUPABASE_URL: url, SUPABASE_SECRET_KEY: secretKey, RETENTION_DAYS: days = null } = env;
  if (secretKey === undefined) return { kind: "off" };
  const database = openServiceDatabase({ url, secretKey, writes });
  const jobs = createJobStore(database, "remove-old-conversations");
  const scheduled = env.VERCEL === undefined;
  return createRetention({ store: createRetentionStore(database), days, jobs, scheduled, ...shared });
}

function createProcessDemo(env: Env, writes: WriteScope, shared: Pick<Services, "cache" | "logger" | "clock">): Demo {
  const {
    DEMO: offered,
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEY: publishableKey,
    SUPABASE_SECRET_KEY: secretKey,
  } = env;
  if (offered === "off" || secretKey === undefined) return { kind: "off" };
  const database = openServiceDatabase({ url, secretKey, writes });
  const admin = { url, publishableKey, secretKey, embedded: env.EMBEDDED_STACK === "on" };
  const jobs = createJobStore(database, "remove-ended-demos");
  return createDemo({ admin, database, jobs, scheduled: env.VERCEL === undefined, ...shared });
}

/** Anybody can have a copy of the demo, and then another one, so a copy has a tenth of a person's tokens. */
function demoTokensPerDay({ TOKENS_PER_DAY: perDay }: Env): number {
  return Math.ceil((perDay === 0 ? DEFAULT_TOKENS_PER_DAY : perDay) / 10);
}

function createProcessInsights(
  env: Env,
  telemetry: ProcessTelemetry,
  { redis, logger }: { redis: SharedRedis | undefined; logger: Logger },
): Insights {
  // Only an operator waits for these, so the deadline is long.
  const store = redis
    ? new RedisInsightsStore({ scripts: redis.scripts("insights", 2_000) })
    : new MemoryInsightsStore();
  return createInsights({ snapshot: telemetry.snapshot, store, clock: systemClock, logger, prices: env.PRICES });
}

/**
 * The deadline for publishing or stopping a growing reply through Redis, in milliseconds. After it the database is
 * used.
 */
const RELAY_TIMEOUT_MS = 200;

/** How long a message waits for an unsaved reply to it, in milliseconds. */
const UNSAVED_TIMEOUT_MS = 50;

/** How long a message waits for the shared count of messages, in milliseconds. */
const LIMITER_TIMEOUT_MS = 50;

function createLimiter(env: Env, redis: SharedRedis | undefined, logger: Logger): MessageLimiter {
  const count = { perMinute: env.MESSAGES_PER_MINUTE, clock: systemClock };
  if (redis === undefined) return createMemoryLimiter(count);
  return createRedisLimiter({ scripts: redis.scripts("limiter", LIMITER_TIMEOUT_MS), logger, ...count });
}

/** How long a request waits for Redis at most to hear whether its session has ended. */
const REVOCATIONS_TIMEOUT_MS = 50;

function createRevocations(redis: SharedRedis | undefined, logger: Logger): Revocations {
  if (redis === undefined) return createMemoryRevocations(systemClock);
  return createRedisRevocations({
    scripts: redis.scripts("sessions", REVOCATIONS_TIMEOUT_MS),
    clock: systemClock,
    logger,
  });
}

function createVerifier(env: Env): AccessTokenVerifier {
  return createAccessTokenVerifier({
    supabaseUrl: env.SUPABASE_URL,
    issuer: issuerOf(env),
    jwtSecret: env.SUPABASE_JWT_SECRET,
    clock: systemClock,
  });
}

function issuerOf(env: Env): string {
  return env.SUPABASE_JWT_ISSUER ?? new URL("/auth/v1", env.SUPABASE_URL).href;
}

/** Only projects that sign tokens with a shared secret, as the embedded stack, let the app sign one. */
function createSigner(env: Env): (userId: string) => Promise<string> {
  const { SUPABASE_JWT_SECRET: jwtSecret, SUPABASE_PUBLISHABLE_KEY: publishableKey } = env;
  if (jwtSecret === undefined) return async () => publishableKey;
  return (userId) => signAccessToken({ userId, issuer: issuerOf(env), jwtSecret, clock: systemClock });
}

/** A model is asked how it counts. What it bills is learned from in any case. */
async function learnTokens(env: Env, tokens: TokenCounter, cache: Cache): Promise<void> {
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseUrl } = env;
  if (apiKey === undefined) return tokens.load();
  await calibrate({ tokens, cache, countRequest: createRequestCounter({ apiKey, baseUrl, model: tokens.model }) });
}

function createVoice(env: Env, tokens: TokenCounter): Voice {
  if (env.ANTHROPIC_API_KEY === undefined) return createOfflineVoice(systemClock);
  return createAnthropicVoice({
    apiKey: env.ANTHROPIC_API_KEY,
    baseUrl: env.ANTHROPIC_BASE_URL,
    model: env.ANTHROPIC_MODEL,
    clock: systemClock,
    onBill: (texts, inputTokens) => tokens.learn(texts, inputTokens),
  });
}

/** Keeps the function alive until the work is done. Outside a request the work simply runs. */
function createNextBackground(logger: Logger): BackgroundRunner {
  return {
    run(name, task) {
      const running = task().catch((err) => logger.error({ task: name, err }, "background task failed"));
      try {
        after(running);
      } catch {
        // `after` exists only inside a request. Outside one, the process lives long enough.
      }
    },
  };
}

declare global {
  var clarifyDeps: Deps | undefined;
}

/**
 * The process's dependencies, created on first use. Next.js bundles pages, route handlers and the proxy separately,
 * each with its own module instances, and they have to share one cache. So the one instance is a property of the global
 * object.
 */
export function getDeps(): Deps {
  globalThis.clarifyDeps ??= createDeps(readEnv());
  return globalThis.clarifyDeps;
}
