import { Redis } from "@upstash/redis";
import { after } from "next/server";
import type { VerifyAccessToken } from "./auth/access-token";
import { createAccessTokenVerifier } from "./auth/access-token";
import type { BackgroundRunner, CacheStore } from "./cache";
import { createCache, createUpstashClients, MemoryStore, UpstashStore } from "./cache";
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
import type { MessageLimiter } from "./limits/message-limiter";
import { createMemoryLimiter, createRedisLimiter } from "./limits/message-limiter";
import type { Logger } from "./observability/logger";
import { createLogger } from "./observability/logger";
import type { Services } from "./trpc/context";

export interface Deps extends Services {
  env: Env;
  verifyAccessToken: VerifyAccessToken;
  consolidation: Consolidation;
}

/** Builds everything that the process shares from its environment. */
export function createDeps(env: Env): Deps {
  const logger = createLogger(env.LOG_LEVEL);
  const background = createNextBackground(logger);
  const cache = createCache({ store: createStore(env, background), background });
  return {
    env,
    logger,
    clock: systemClock,
    background,
    cache,
    voice: createVoice(env),
    limiter: createLimiter(env, logger),
    prewarm: env.PROMPT_PREWARM === "on",
    replies: new RunningReplies(background),
    openDatabase: (accessToken) =>
      openUserDatabase({ url: env.SUPABASE_URL, publishableKey: env.SUPABASE_PUBLISHABLE_KEY, accessToken }),
    verifyAccessToken: createAccessTokenVerifier({ supabaseUrl: env.SUPABASE_URL, jwtSecret: env.SUPABASE_JWT_SECRET }),
    demoEmail: env.DEMO_EMAIL,
    consolidation: createConsolidation(env, { cache, logger, clock: systemClock }),
  };
}

/** The only user of the secret key. */
function createConsolidation(env: Env, shared: Pick<Services, "cache" | "logger" | "clock">): Consolidation {
  const { SUPABASE_URL: url, SUPABASE_SECRET_KEY: secretKey, ANTHROPIC_API_KEY: apiKey } = env;
  if (apiKey === undefined) return { kind: "no-model" };
  if (secretKey === undefined) return { kind: "no-secret-key" };
  const store = createConsolidationStore(openServiceDatabase({ url, secretKey }));
  const extractor = createAnthropicExtractor({ apiKey, baseUrl: env.ANTHROPIC_BASE_URL, model: env.ANTHROPIC_MODEL });
  return { kind: "ready", run: () => consolidatePatterns({ store, extractor, ...shared }) };
}

function createStore(env: Env, background: BackgroundRunner): CacheStore {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = env;
  if (url === undefined || token === undefined) return new MemoryStore();
  return new UpstashStore({ clients: createUpstashClients({ url, token }), background });
}

function createLimiter(env: Env, logger: Logger): MessageLimiter {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, MESSAGES_PER_MINUTE: perMinute } = env;
  if (url === undefined || token === undefined) return createMemoryLimiter(perMinute);
  return createRedisLimiter(new Redis({ url, token, retry: false, enableTelemetry: false }), perMinute, logger);
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
