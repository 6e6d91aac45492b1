import { randomUUID } from "node:crypto";
import { Redis } from "@upstash/redis";
import type { Cache, NearOptions, StoreFactory } from "@/server/cache";
import { createCache } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import { redis } from "@/server/cache/redis";
import { upstash } from "@/server/cache/upstash";
import { createCacheObserver } from "@/server/clarify/cache-observer";
import { CONTEXT_BUDGET_TOKENS } from "@/server/clarify/context-budget";
import type { SectionName } from "@/server/clarify/sections";
import { SECTION_NAMES, sections } from "@/server/clarify/sections";
import type { Reader } from "@/server/clarify/sections/section";
import { systemClock } from "@/server/clock";
import { assembleContext } from "@/server/context/assemble";
import type { SectionFor } from "@/server/context/section";
import { sectionKey } from "@/server/context/section";
import { createOfflineVoice } from "@/server/conversation/offline-voice";
import { RunningReplies } from "@/server/conversation/running-replies";
import { nowhere } from "@/server/conversation/unsaved-replies";
import type { Voice } from "@/server/conversation/voice";
import { openUserDatabase } from "@/server/database/client";
import { createInsights } from "@/server/insights/insights";
import { MemoryInsightsStore } from "@/server/insights/memory-store";
import { pricesSchema } from "@/server/insights/prices";
import { ConcurrencyLimit } from "@/server/limits/concurrency";
import type { MessageLimiter } from "@/server/limits/message-limiter";
import { createMemoryLimiter } from "@/server/limits/message-limiter";
import { TokenBudget } from "@/server/limits/token-budget";
import { createMetrics } from "@/server/metrics";
import { createCaller } from "@/server/router";
import { createLogger } from "@/server/telemetry/logger";
import { RequestScope } from "@/server/telemetry/request-scope";
import type { Telemetry } from "@/server/telemetry/telemetry";
import { createNoTelemetry } from "@/server/telemetry/telemetry";
import { TokenCounter } from "@/server/tokens/token-counter";
import { createRequestContext } from "@/server/trpc/context";
import type { BackendAddress } from "./backend-client";

/** All subjects count in the same way, and none of them waits for the vocabulary. */
const tokens = new TokenCounter({ model: "claude-test" });
await tokens.load();

/** One way to build a person's context. */
export interface Subject {
  name: string;
  /** Builds one person's context as text. */
  build(userId: string): Promise<string>;
  /** Makes a person's next build a cold one, as a write would. */
  invalidate(userId: string): Promise<void>;
  /** Changes a person's rows, and outdates their context in the way that the documentation advises. */
  write(userId: string, change: () => Promise<void>): Promise<void>;
  /** Resolves when the background work of the last build is done. */
  settled(): Promise<void>;
  /** Frees the connections. */
  close(): Promise<void>;
}

export interface ClarifyAppOptions {
  /** Default: the bench's Redis. */
  store?: StoreFactory | undefined;
  /** Default: nothing is recorded. */
  telemetry?: Telemetry | undefined;
  /** Default: nothing is kept near. */
  near?: NearOptions | undefined;
  /** Default: the offline voice. */
  voice?: Voice;
  /** Default: nobody is limited. */
  limiter?: MessageLimiter;
}

/** This project: one process, its router called without HTTP. */
export function clarifyApp(
  address: BackendAddress,
  { store, near, telemetry, voice, limiter }: ClarifyAppOptions = {},
) {
  const pending = new Set<Promise<void>>();
  const background = {
    run(_name: string, task: () => Promise<void>) {
      const running = task().finally(() => pending.delete(running));
      pending.add(running);
    },
  };
  const { redisUrl: url, redisToken: token } = address;
  const logger = createLogger("silent");
  const recording = telemetry ?? createNoTelemetry();
  const metrics = createMetrics(recording.meter);
  const cache = createCache({
    store: store ?? upstash({ url, token }),
    near,
    background,
    ...(telemetry && { observer: createCacheObserver({ metrics, telemetry, logger }) }),
  });
  const services = {
    cache,
    background,
    clock: systemClock,
    logger,
    requests: new RequestScope(),
    telemetry: recording,
    metrics,
    insights: createInsights({
      snapshot: async () => ({ values: {}, distributions: {} }),
      store: new MemoryInsightsStore(),
      clock: systemClock,
      logger,
      prices: pricesSchema.parse(""),
    }),
    isOperator: () => false,
    retentionDays: null,
    tokens,
    learning: "no-model" as const,
    wrote: () => undefined,
    contextTokens: CONTEXT_BUDGET_TOKENS,
    voice: voice ?? createOfflineVoice(systemClock),
    limiter: limiter ?? createMemoryLimiter({ perMinute: 1_000_000, clock: systemClock }),
    tokenBudget: new TokenBudget({ perDay: 500_000, clock: systemClock, metrics }),
    demoTokenBudget: new TokenBudget({ perDay: 50_000, clock: systemClock, metrics }),
    prewarm: false,
    replies: new RunningReplies(background),
    replyRelay: undefined,
    openUnsavedReplies: nowhere,
    replySlots: new ConcurrencyLimit(1_000),
    followSlots: new ConcurrencyLimit(1_000),
    exports: new ConcurrencyLimit(1),
    searches: { take: () => 0 },
    openDatabase: () => openDatabase(address),
    sharedEmail: undefined,
  };
  const callers = new Map<string, ReturnType<typeof createCaller>>();
  function callerOf(userId: string) {
    const known = callers.get(userId);
    if (known) return known;
    const user = { id: userId, email: "bench@example.com", accessToken: "bench" };
    const caller = createCaller(createRequestContext(services, { requestId: randomUUID(), user }));
    callers.set(userId, caller);
    return caller;
  }
  return {
    cache,
    callerOf,
    /** Resolves when no background work is left. */
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

/** This project over a store. */
export function clarify(
  name: string,
  address: BackendAddress,
  options: ClarifyAppOptions = {},
): Subject & { cache: Cache } {
  const { cache, callerOf, settled } = clarifyApp(address, options);
  return {
    name,
    cache,
    build: async (userId) => (await callerOf(userId).clarifyContext.get({ sessionId: null })).text,
    invalidate: async (userId) => void (await callerOf(userId).clarifyContext.invalidate({})),
    write: (userId, change) =>
      cache.write(
        allSections.map((section) => sectionKey(section, userId)),
        change,
      ),
    settled,
    close: () => cache.close(),
  };
}

export const clarifyMemory = (address: BackendAddress) => clarify("clarify-memory", address, { store: memory() });

export const clarifyTcp = (address: BackendAddress) =>
  clarify("clarify-tcp", address, { store: redis({ url: address.redisTcpUrl }) });

/** Over TCP, with entries kept in the process. Needs a real Redis at the address. */
export const clarifyNear = (address: BackendAddress) =>
  clarify("clarify-near", address, {
    store: redis({ url: address.redisTcpUrl }),
    near: { maxBytes: 32 * 1024 * 1024 },
  });

/** The five cached reads alone, without tRPC and assembly: the floor's work, with our guarantees. */
export function clarifyRead(address: BackendAddress): Subject {
  const whole = clarify("clarify-read", address);
  const { cache } = whole;
  const loaderFor = loaders(address);
  return {
    ...whole,
    async build(userId) {
      const load = loaderFor(userId);
      const read = (section: AnySection) =>
        cache.getOrSet(sectionKey(section, userId), () => load(section), section.policy);
      return String((await Promise.all(allSections.map(read))).length);
    },
  };
}

/** One bare MGET of the five entries, with an unchanged Upstash client. */
export function floor({ redisUrl: url, redisToken: token }: BackendAddress): Subject {
  const redis = new Redis({ url, token });
  const keys = (userId: string) => SECTION_NAMES.map((name) => `floor:${sectionKey({ name }, userId)}`);
  const invalidate = async (userId: string) => void (await redis.del(...keys(userId)));
  return {
    name: "floor",
    build: async (userId) => String((await redis.mget(...keys(userId))).length),
    invalidate,
    write: writeThenInvalidate(invalidate),
    settled: async () => undefined,
    close: async () => undefined,
  };
}

/** Fills the floor's entries with what our own loaders read. */
export async function fillFloor(address: BackendAddress, userId: string): Promise<void> {
  const redis = new Redis({ url: address.redisUrl, token: address.redisToken });
  const load = loaders(address)(userId);
  for (const section of allSections) {
    await redis.set(`floor:${sectionKey(section, userId)}`, JSON.stringify(await load(section)), {
      px: 3_600_000,
    });
  }
}

/** Five queries one after the other before every message: what this project replaces. */
export function sequential(address: BackendAddress): Subject {
  const loaderFor = loaders(address);
  return peer("sequential", (userId) => {
    const load = loaderFor(userId);
    let before: Promise<unknown> = Promise.resolve();
    return (section) => {
      const mine = before.then(() => load(section));
      before = mine;
      return mine;
    };
  });
}

/** Five queries at once, without a cache. */
export function promiseAll(address: BackendAddress): Subject {
  return peer("promise-all", loaders(address));
}

/** The least that a cold build needs: five queries at once, one bare MGET, and one pipeline of five SETs. */
export function coldFloor(address: BackendAddress): Subject {
  const redis = new Redis({ url: address.redisUrl, token: address.redisToken, enableAutoPipelining: false });
  const loaderFor = loaders(address);
  const keyOf = (name: SectionName, userId: string) => `cold-floor:${sectionKey({ name }, userId)}`;
  return {
    ...peer("floor", (userId) => {
      const load = loaderFor(userId);
      const asked = redis.mget(...SECTION_NAMES.map((name) => keyOf(name, userId)));
      const pipeline = redis.pipeline();
      let missing = SECTION_NAMES.length;
      return async (section) => {
        await asked;
        const rows = await load(section);
        pipeline.set(keyOf(section.name, userId), JSON.stringify(rows), { px: section.policy.ttlMs });
        missing -= 1;
        if (missing === 0) await pipeline.exec();
        return rows;
      };
    }),
  };
}

/**
 * The obvious way to cache: one GET per section, and after a miss the query and a SET, without waiting for other
 * readers. Each is a request of its own, unless the client may send together what is asked for in one tick.
 */
export function cacheAside(
  { redisUrl: url, redisToken: token, ...address }: BackendAddress,
  { enableAutoPipelining }: { enableAutoPipelining: boolean } = { enableAutoPipelining: false },
): Subject {
  const redis = new Redis({ url, token, enableAutoPipelining });
  const key = (name: SectionName, userId: string) => `aside:${sectionKey({ name }, userId)}`;
  const loaderFor = loaders(address);
  return cachedPeer("cache-aside", {
    read(userId) {
      const load = loaderFor(userId);
      return async (section) => {
        const held = await redis.get(key(section.name, userId));
        if (held !== null) return held;
        const value = await load(section);
        await redis.set(key(section.name, userId), value, { px: section.policy.ttlMs });
        return value;
      };
    },
    invalidate: async (userId) => void (await redis.del(...SECTION_NAMES.map((name) => key(name, userId)))),
  });
}

export type AnySection = SectionFor<Reader, SectionName>;
export type Load = (section: AnySection) => Promise<unknown>;

export const allSections: readonly AnySection[] = sections;

/** A peer assembles as we do; only its way of reading the rows differs. */
function peer(name: string, loadFor: (userId: string) => Load): Subject {
  return cachedPeer(name, { read: loadFor, invalidate: async () => undefined });
}

export interface PeerCache {
  /** Reads the sections of a person, from the cache or with our loaders. */
  read(userId: string): Load;
  invalidate(userId: string): Promise<void>;
  close?(): Promise<void>;
}

export function cachedPeer(name: string, { read, invalidate, close }: PeerCache): Subject {
  return {
    name,
    async build(userId) {
      const load = read(userId);
      const parts = allSections.map(async (section) => {
        const items = section.items(await load(section), { sessionId: null });
        return { ...section, source: "loaded" as const, ageMs: 0, items };
      });
      return assembleContext(await Promise.all(parts), { budget: CONTEXT_BUDGET_TOKENS, countTokens: tokens.countLine })
        .text;
    },
    invalidate,
    write: writeThenInvalidate(invalidate),
    settled: async () => undefined,
    close: async () => close?.(),
  };
}

function writeThenInvalidate(invalidate: Subject["invalidate"]): Subject["write"] {
  return async (userId, change) => {
    await change();
    await invalidate(userId);
  };
}

/** Our own loaders, over one client of the database. */
export function loaders(address: Pick<BackendAddress, "databaseUrl">): (userId: string) => Load {
  const database = openDatabase(address);
  return (userId) => (section) => {
    const reader = { database: () => database, user: { id: userId } };
    return section.load(reader, { input: undefined, signal: AbortSignal.timeout(10_000) });
  };
}

export function openDatabase({ databaseUrl: url }: Pick<BackendAddress, "databaseUrl">) {
  return openUserDatabase({ url, publishableKey: "bench", accessToken: "bench" });
}
