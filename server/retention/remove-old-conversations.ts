import type { Cache } from "@/server/cache";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import type { Clock } from "@/server/clock";
import { isDatabaseError } from "@/server/database/errors";
import type { Logger } from "@/server/telemetry/logger";
import type { RetentionMetrics } from "./metrics";
import type { RetentionStore } from "./retention-store";

export interface RetentionDependencies {
  store: RetentionStore;
  /** Conversations whose last message is older than this many days are removed; null keeps them. */
  days: number | null;
  cache: Pick<Cache, "write">;
  clock: Pick<Clock, "elapsed">;
  logger: Logger;
  metrics: Pick<RetentionMetrics, "retentionConversations">;
}

/** Counts of what a run did. */
export interface RetentionReport {
  /** People whose conversations were removed. */
  people: number;
  conversations: number;
  /** Items that were removed for good from the bins. */
  fromBins: number;
  /** People whose removal failed, in whole or in part. The next run tries again. */
  failed: number;
}

/** The most people per run. The next run begins with those that are left. */
const MAX_PEOPLE = 1_000;
/** The most conversations per call of the database, so that a call ends within the deadline of a write. */
const AT_ONCE = 50;
/** No further call is begun after this time, in milliseconds. */
const BUDGET_MS = 200_000;

/**
 * Empties the bins of what is due, and removes every conversation whose last message is older than so many days, or in
 * which nothing was said for a day, one person at a time. A failure affects only that person, or the bins. Safe to run at any time, concurrently, and to interrupt.
 * @throws {DatabaseError} when the list of people cannot be read.
 */
export async function removeOldConversations(dependencies: RetentionDependencies): Promise<RetentionReport> {
  const { store, days, cache, clock, logger, metrics } = dependencies;
  const startedAt = clock.elapsed();
  const inTime = () => clock.elapsed() - startedAt < BUDGET_MS;
  const report: RetentionReport = { people: 0, conversations: 0, fromBins: 0, failed: 0 };

  async function removeOf(userId: string): Promise<void> {
    let removed = AT_ONCE;
    let removedInAll = 0;
    while (removed === AT_ONCE && inTime()) {
      removed = await cache.write(keysOutdatedBy("sessionCreatedOrRemoved", userId), (deadline) =>
        store.remove(userId, days, AT_ONCE, deadline),
      );
      removedInAll += removed;
      report.conversations += removed;
      metrics.retentionConversations.add(removed);
    }
    if (removedInAll > 0) report.people += 1;
  }

  function note(error: unknown, what: string): void {
    const code = isDatabaseError(error) ? error.code : "broken";
    logger.warn({ code, err: code === "broken" ? error : undefined }, what);
    report.failed += 1;
  }

  try {
    let removed = AT_ONCE;
    while (removed === AT_ONCE && inTime()) {
      removed = await store.emptyBins(days, AT_ONCE);
      report.fromBins += removed;
    }
  } catch (error) {
    note(error, "bins not emptied");
  }
  for (const userId of await store.people(days, MAX_PEOPLE)) {
    if (!inTime()) break;
    try {
      await removeOf(userId);
    } catch (error) {
      note(error, "old conversations not removed");
    }
  }
  return report;
}
