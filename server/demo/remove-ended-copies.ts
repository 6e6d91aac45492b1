import type { Cache } from "@/server/cache";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import type { Clock } from "@/server/clock";
import type { ServiceDatabase } from "@/server/database/client";
import { isDatabaseError, unwrap } from "@/server/database/errors";
import type { Logger } from "@/server/telemetry/logger";

export interface EndedCopiesDependencies {
  database: ServiceDatabase;
  cache: Pick<Cache, "write">;
  clock: Pick<Clock, "now" | "elapsed">;
  logger: Logger;
}

/** Counts of what a run did. */
export interface EndedCopiesReport {
  copies: number;
  /** Copies that could not be removed. The next run tries again. */
  failed: number;
}

/** The most copies per run. The next run begins with those that are left. */
const MAX_COPIES = 500;
/** No further copy is removed after this time, in milliseconds. */
const BUDGET_MS = 200_000;

/**
 * Removes every copy of the demo that has ended, one at a time. Safe to run at any time, concurrently, and to interrupt.
 * @throws {DatabaseError} when the list of copies cannot be read.
 */
export async function removeEndedCopies(dependencies: EndedCopiesDependencies): Promise<EndedCopiesReport> {
  const { database, cache, clock, logger } = dependencies;
  const startedAt = clock.elapsed();
  const report: EndedCopiesReport = { copies: 0, failed: 0 };
  for (const userId of await endedCopies(database, clock.now())) {
    if (clock.elapsed() - startedAt >= BUDGET_MS) break;
    try {
      const removed = await cache.write(keysOutdatedBy("accountRemoved", userId), async (deadline) =>
        unwrap(await database.rpc("remove_ended_demo", { p_user_id: userId }).abortSignal(deadline)),
      );
      if (removed) report.copies += 1;
    } catch (error) {
      const code = isDatabaseError(error) ? error.code : "broken";
      logger.warn({ code, err: code === "broken" ? error : undefined }, "copy of the demo not removed");
      report.failed += 1;
    }
  }
  return report;
}

async function endedCopies(database: ServiceDatabase, now: number): Promise<string[]> {
  const ended = database.from("users").select("id").lte("demo_ends_at", new Date(now).toISOString());
  return unwrap(await ended.order("demo_ends_at").limit(MAX_COPIES)).map(({ id }) => id);
}
