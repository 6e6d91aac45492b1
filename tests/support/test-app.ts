import { randomUUID } from "node:crypto";
import type { BackgroundRunner, CacheStore } from "@/server/cache";
import { createCache, MemoryStore } from "@/server/cache";
import { systemClock } from "@/server/clock";
import { createOfflineVoice } from "@/server/conversation/offline-voice";
import { RunningReplies } from "@/server/conversation/running-replies";
import type { Voice } from "@/server/conversation/voice";
import { openUserDatabase } from "@/server/database/client";
import { createMemoryLimiter } from "@/server/limits/message-limiter";
import { createLogger } from "@/server/observability/logger";
import type { Services } from "@/server/trpc/context";
import { createRequestContext } from "@/server/trpc/context";
import { createCaller } from "@/server/trpc/root";
import type { Person } from "./database/person";

export interface TestAppOptions {
  stack: { url: string; publishableKey: string };
  store?: CacheStore;
  voice?: Voice;
  demoEmail?: string;
  /** What the database is reached through; wraps the real one to break or count it. */
  databaseFetch?: typeof fetch;
  /** Default 100: only a test of the limit wants to meet it. */
  messagesPerMinute?: number;
}

export interface TestApp {
  services: Services;
  /** The router as this person, or as somebody who is not signed in. */
  as(person: Person | null): ReturnType<typeof createCaller>;
  /** Resolves when no background work is left. */
  backgroundDone(): Promise<void>;
  /** The log lines so far. */
  logLines(): Record<string, unknown>[];
}

/** One app process, without HTTP: several of them over one store and database are a fleet. */
export function createTestApp({
  stack,
  store = new MemoryStore(),
  voice,
  demoEmail,
  databaseFetch = fetch,
  messagesPerMinute = 100,
}: TestAppOptions): TestApp {
  const pending = new Set<Promise<void>>();
  const lines: string[] = [];
  const logger = createLogger("debug", { write: (line) => lines.push(line) });
  const background: BackgroundRunner = {
    run(name, task) {
      const running = task()
        .catch((err: unknown) => logger.error({ task: name, err }, "background task failed"))
        .finally(() => pending.delete(running));
      pending.add(running);
    },
  };
  const services: Services = {
    cache: createCache({ store, background }),
    clock: systemClock,
    background,
    logger,
    voice: voice ?? createOfflineVoice({ pause: async (_ms, signal) => signal.throwIfAborted() }),
    limiter: createMemoryLimiter(messagesPerMinute),
    prewarm: true,
    replies: new RunningReplies(background),
    openDatabase: (accessToken) => openUserDatabase({ ...stack, accessToken, fetch: databaseFetch }),
    demoEmail,
  };
  return {
    services,
    as: (person) => createCaller(createRequestContext(services, { requestId: randomUUID(), user: person })),
    async backgroundDone() {
      while (pending.size > 0) await Promise.all(pending);
    },
    logLines: () => lines.map((line) => JSON.parse(line)),
  };
}
