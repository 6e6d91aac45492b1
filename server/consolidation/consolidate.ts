import type { Cache } from "@/server/cache";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import type { Clock } from "@/server/clock";
import { isDatabaseError } from "@/server/database/errors";
import type { FinishedConsolidation } from "@/server/database/types";
import type { Logger } from "@/server/telemetry/logger";
import type { ConsolidationStore } from "./consolidation-store";
import type { PatternExtractor } from "./extractor";
import { ExtractionError } from "./extractor";
import { mergePatterns } from "./merge-patterns";
import type { ConsolidationMetrics } from "./metrics";

export interface ConsolidationDependencies {
  store: ConsolidationStore;
  extractor: PatternExtractor;
  cache: Pick<Cache, "write">;
  clock: Clock;
  logger: Logger;
  metrics: Pick<ConsolidationMetrics, "consolidationPeople">;
  limits?: Partial<ConsolidationLimits>;
}

export interface ConsolidationLimits {
  /** The most people per run; the others come first in the next run. */
  maxPeople: number;
  /** People at once. */
  concurrency: number;
  /** No further person is begun after this time, in milliseconds. */
  budgetMs: number;
}

/** What a run did, as counts. */
export interface ConsolidationReport {
  people: {
    consolidated: number;
    /** Attempts that failed; the next run tries again. */
    failed: number;
    /** Another run held the claim, or their messages changed during the attempt. */
    skipped: number;
    /** Not begun, because the time of the run was over. */
    notBegun: number;
  };
  messages: number;
  patterns: { strengthened: number; added: number; decayed: number; dropped: number };
}

const DEFAULT_LIMITS: ConsolidationLimits = { maxPeople: 200, concurrency: 4, budgetMs: 200_000 };

type Outcome = { kind: "consolidated"; counts: FinishedConsolidation } | { kind: "failed" | "skipped" };

/**
 * Finds patterns in what people wrote, one person at a time. A failure affects only its person. Safe to run at any
 * time, concurrently, and to interrupt: see README.md.
 * @throws {DatabaseError} when the list of people cannot be read.
 */
export async function consolidatePatterns(dependencies: ConsolidationDependencies): Promise<ConsolidationReport> {
  const { store, clock } = dependencies;
  const limits = { ...DEFAULT_LIMITS, ...dependencies.limits };
  const startedAt = clock.elapsed();
  const waiting = await store.people(limits.maxPeople);
  const report: ConsolidationReport = {
    people: { consolidated: 0, failed: 0, skipped: 0, notBegun: 0 },
    messages: 0,
    patterns: { strengthened: 0, added: 0, decayed: 0, dropped: 0 },
  };

  async function work(): Promise<void> {
    while (clock.elapsed() - startedAt < limits.budgetMs) {
      const userId = waiting.shift();
      if (userId === undefined) return;
      count(report, await consolidatePerson(userId, dependencies));
    }
  }
  await Promise.all(Array.from({ length: limits.concurrency }, work));

  report.people.notBegun = waiting.length;
  return report;
}

/** Failures of a model that has read the messages: the next attempt would probably fail again, at the same cost. */
const FRUITLESS: ReadonlySet<string> = new Set(["refused", "truncated", "malformed"]);

/**
 * Finds patterns in what one person has written since the last time, if it is enough. Never rejects: a failure is
 * logged, and a later run tries again.
 */
export async function consolidatePerson(userId: string, dependencies: ConsolidationDependencies): Promise<Outcome> {
  const outcome = await attempt(userId, dependencies);
  dependencies.metrics.consolidationPeople.add(1, { outcome: outcome.kind });
  return outcome;
}

async function attempt(userId: string, dependencies: ConsolidationDependencies): Promise<Outcome> {
  const { store, extractor, cache, logger } = dependencies;
  const claim = { userId, token: crypto.randomUUID() };
  try {
    const begun = await store.begin(claim);
    if (begun === null) return { kind: "skipped" };
    const observed = await extractor.extract({
      messages: begun.messages.map(({ content }) => content),
      known: begun.patterns,
    });
    const messageIds = begun.messages.map(({ id }) => id);
    const found = { messageIds, patterns: mergePatterns(begun.patterns, observed) };
    const counts = await cache.write(keysOutdatedBy("pattern", userId), (deadline) =>
      store.finish(claim, found, deadline),
    );
    return { kind: "consolidated", counts };
  } catch (error) {
    const code = error instanceof ExtractionError || isDatabaseError(error) ? error.code : "broken";
    logger.warn({ code, err: code === "broken" ? error : undefined }, "person not consolidated");
    // If this fails too, the claim expires.
    await store.abandon(claim, { fruitless: FRUITLESS.has(code) }).catch(() => undefined);
    return { kind: code === "conflict" ? "skipped" : "failed" };
  }
}

function count(report: ConsolidationReport, outcome: Outcome): void {
  report.people[outcome.kind] += 1;
  if (outcome.kind !== "consolidated") return;
  const { messages, ...patterns } = outcome.counts;
  report.messages += messages;
  for (const [what, number] of Object.entries(patterns)) {
    report.patterns[what as keyof typeof patterns] += number;
  }
}
