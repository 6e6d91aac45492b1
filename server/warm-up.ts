import { randomUUID } from "node:crypto";
import { createCache } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import { clarifyContext } from "@/server/clarify/router";
import { waitAtMost } from "@/server/clock";
import { createMetrics } from "@/server/metrics";
import { createNoTelemetry } from "@/server/telemetry/telemetry";
import type { Services, SignedInContext } from "@/server/trpc/context";

/** The longest that the warm-up delays the first request, in milliseconds. What it began goes on after that. */
const DEADLINE_MS = 500;
/** The first build loads from the database, the second one reads the cache. */
const BUILDS = 2;

export interface WarmUpOptions {
  services: Services;
  /** A token with which the database answers as a person without rows. Another token has it refuse, which is enough. */
  accessTokenOf: (userId: string) => Promise<string>;
}

/**
 * Builds the context of nobody, so that the first person does not wait for code to be compiled, for the connections to
 * the database and to Redis, and for what the database reads once for each connection. Nothing is counted, logged or kept:
 * the builds have instruments that discard everything, and a cache of their own. Never rejects.
 */
export async function warmUp(options: WarmUpOptions): Promise<void> {
  const { cache, clock, logger } = options.services;
  await waitAtMost(DEADLINE_MS, Promise.allSettled([cache.ready(), buildForNobody(options)]), clock);
  logger.debug("warmed up");
}

async function buildForNobody({ services, accessTokenOf }: WarmUpOptions): Promise<void> {
  const telemetry = createNoTelemetry();
  const id = randomUUID();
  const accessToken = await accessTokenOf(id);
  const database = services.openDatabase(accessToken);
  const ctx: SignedInContext = {
    services: { ...services, telemetry, metrics: createMetrics(telemetry.meter) },
    cache: createCache({ store: memory() }),
    logger: services.logger.child({}, { level: "silent" }),
    requestId: randomUUID(),
    justWrote: false,
    user: { id, email: "nobody@localhost", accessToken },
    calls: 1,
    database: () => database,
  };
  for (let build = 0; build < BUILDS; build += 1) await clarifyContext.build(ctx, { sessionId: null });
}
