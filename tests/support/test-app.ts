import { randomUUID } from "node:crypto";
import type { BackgroundRunner, StoreFactory } from "@/server/cache";
import { createCache } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import { createCacheObserver } from "@/server/clarify/cache-observer";
import { CONTEXT_BUDGET_TOKENS } from "@/server/clarify/context-budget";
import type { Clock } from "@/server/clock";
import { systemClock } from "@/server/clock";
import { createOfflineVoice } from "@/server/conversation/offline-voice";
import type { ReplyRelay } from "@/server/conversation/reply-relay";
import { RunningReplies } from "@/server/conversation/running-replies";
import type { OpenUnsavedReplies } from "@/server/conversation/unsaved-replies";
import { nowhere } from "@/server/conversation/unsaved-replies";
import type { Voice } from "@/server/conversation/voice";
import { openUserDatabase } from "@/server/database/client";
import { WriteScope } from "@/server/database/write-scope";
import { createInsights } from "@/server/insights/insights";
import { MemoryInsightsStore } from "@/server/insights/memory-store";
import { pricesSchema } from "@/server/insights/prices";
import type { InsightsStore } from "@/server/insights/store";
import { ConcurrencyLimit } from "@/server/limits/concurrency";
import { createMemoryLimiter } from "@/server/limits/message-limiter";
import { countDecisions } from "@/server/limits/metrics";
import { TokenBuckets } from "@/server/limits/token-bucket";
import { TokenBudget } from "@/server/limits/token-budget";
import { createMetrics } from "@/server/metrics";
import { createCaller } from "@/server/router";
import { createLogger } from "@/server/telemetry/logger";
import { RequestScope } from "@/server/telemetry/request-scope";
import type { ProcessTelemetry } from "@/server/telemetry/telemetry";
import { createTelemetry } from "@/server/telemetry/telemetry";
import { TokenCounter } from "@/server/tokens/token-counter";
import type { Services } from "@/server/trpc/context";
import { createRequestContext } from "@/server/trpc/context";
import type { Person } from "./database/person";

export interface TestAppOptions {
  stack: { url: string; publishableKey: string };
  store?: StoreFactory;
  /** Whether it keeps entries of its store near. Default false. */
  near?: boolean;
  voice?: Voice;
  /** Default: one that only estimates. */
  tokens?: TokenCounter;
  sharedEmail?: string;
  /** The `fetch` of the database client; wraps the real one to break or count requests. */
  databaseFetch?: typeof fetch;
  /** Default 100, so that only tests of the limit reach it. */
  messagesPerMinute?: number;
  /** Default: no limit. */
  tokensPerDay?: number;
  /** Default: conversations are kept. */
  retentionDays?: number | null;
  /** The clock of replies. Default: the system's. */
  clock?: Clock;
  /** Default: telemetry of its own without receivers. */
  telemetry?: ProcessTelemetry;
  /** Default: in this process. */
  insightsStore?: InsightsStore;
  /** Default: processes share replies through their database. */
  replyRelay?: ReplyRelay;
  /** Default: an unsaved reply waits in its app. */
  openUnsavedReplies?: OpenUnsavedReplies;
  /** The operators' e-mail addresses. */
  operators?: string[];
}

export interface TestApp {
  services: Services & { telemetry: ProcessTelemetry };
  /** The router as this person, or without a session. `justWrote`: as the page says for two seconds after a write. */
  as(person: Person | null, request?: { justWrote: boolean }): ReturnType<typeof createCaller>;
  /** Resolves when no background work is left. */
  backgroundDone(): Promise<void>;
  /** The log lines so far. */
  logLines(): Record<string, unknown>[];
}

/** One app process, without HTTP: several of them over one store and database are a fleet. */
export function createTestApp({
  stack,
  store = memory(),
  near = false,
  voice,
  tokens = new TokenCounter({ model: "test" }),
  sharedEmail,
  databaseFetch = fetch,
  messagesPerMinute = 100,
  tokensPerDay = 0,
  retentionDays = null,
  clock = systemClock,
  telemetry = createTelemetry({ metricReaders: [], spanProcessors: [] }),
  insightsStore = new MemoryInsightsStore(),
  replyRelay,
  openUnsavedReplies = nowhere,
  operators = [],
}: TestAppOptions): TestApp {
  const pending = new Set<Promise<void>>();
  const lines: string[] = [];
  const requests = new RequestScope();
  const logger = createLogger("debug", { destination: { write: (line) => lines.push(line) }, requests });
  const metrics = createMetrics(telemetry.meter);
  const observer = createCacheObserver({ metrics, telemetry, logger });
  const background: BackgroundRunner = {
    run(name, task) {
      const running = task()
        .catch((err: unknown) => logger.error({ task: name, err }, "background task failed"))
        .finally(() => pending.delete(running));
      pending.add(running);
    },
  };
  const writes = new WriteScope();
  const cache = createCache({
    store,
    background,
    observer,
    aroundWrite: (writeId, fn) => writes.run(writeId, fn),
    near: near ? { maxBytes: 1_000_000, bypass: () => requests.justWrote } : undefined,
  });
  metrics.observeCache(() => cache.health());
  const services = {
    cache,
    clock,
    background,
    logger,
    requests,
    telemetry,
    metrics,
    insights: createInsights({
      snapshot: telemetry.snapshot,
      store: insightsStore,
      clock: systemClock,
      logger,
      prices: pricesSchema.parse(""),
    }),
    isOperator: ({ id }: { id: string }) => operators.includes(id),
    tokens,
    learning: "no-model" as const,
    wrote: () => undefined,
    contextTokens: CONTEXT_BUDGET_TOKENS,
    voice: voice ?? createOfflineVoice({ pause: async (_ms, signal) => signal.throwIfAborted() }),
    limiter: countDecisions(createMemoryLimiter({ perMinute: messagesPerMinute, clock: systemClock }), metrics),
    tokenBudget: new TokenBudget({ perDay: tokensPerDay, clock, metrics }),
    demoTokenBudget: new TokenBudget({ perDay: tokensPerDay / 10, clock, metrics }),
    prewarm: true,
    retentionDays,
    replies: new RunningReplies(background),
    replyRelay,
    openUnsavedReplies,
    replySlots: new ConcurrencyLimit(2),
    followSlots: new ConcurrencyLimit(2),
    exports: new ConcurrencyLimit(1),
    searches: new TokenBuckets({ capacity: 40, refillMs: 1_000, clock }),
    openDatabase: (accessToken: string) => openUserDatabase({ ...stack, accessToken, writes, fetch: databaseFetch }),
    sharedEmail,
  };
  return {
    services,
    as: (person, { justWrote } = { justWrote: false }) =>
      createCaller(createRequestContext(services, { requestId: randomUUID(), user: person, justWrote })),
    async backgroundDone() {
      while (pending.size > 0) await Promise.all(pending);
    },
    logLines: () => lines.map((line) => JSON.parse(line)),
  };
}
