import type { Clock } from "@/server/clock";
import type { JobState, JobStore } from "@/server/jobs/job-store";
import { startSchedule } from "@/server/jobs/schedule";
import type { Logger } from "@/server/telemetry/logger";
import type { ConsolidationDependencies, ConsolidationReport } from "./consolidate";
import { consolidatePatterns, consolidatePerson } from "./consolidate";
import type { Consolidation } from "./job";
import { CONSOLIDATION_WORDS } from "./job";
import type { ConsolidationMetrics } from "./metrics";
import { QuietRefresh } from "./quiet-refresh";

export interface LearningOptions extends ConsolidationDependencies {
  jobs: JobStore;
  clock: Clock;
  metrics: ConsolidationMetrics;
  logger: Logger;
  /** Five fields of cron, in UTC; undefined if an external scheduler calls `run`. */
  schedule: string | undefined;
}

/** How often a process reads how the last run went, in milliseconds. */
const STATE_EVERY_MS = 60_000;

/** Consolidation in this process: on request, on schedule, and for people who have stopped writing. */
export function createLearning(options: LearningOptions): Extract<Consolidation, { kind: "ready" }> {
  const { jobs, clock, metrics, logger, schedule } = options;
  let known: JobState = { succeededAt: null, failedAt: null };
  metrics.observeConsolidation(() => known);

  /** The metrics of this process also show the runs of other processes. */
  async function askState(): Promise<void> {
    try {
      known = await jobs.state();
    } catch (err) {
      logger.warn({ err }, "how the last consolidation went is not known");
    }
  }

  async function run(): Promise<ConsolidationReport> {
    let succeeded = false;
    try {
      const report = await consolidatePatterns(options);
      succeeded = true;
      return report;
    } finally {
      metrics.consolidationRuns.add(1, { result: succeeded ? "succeeded" : "failed" });
      await jobs
        .end(succeeded)
        .catch((err: unknown) => logger.warn({ err }, "the end of a consolidation is not stored"));
      await askState();
    }
  }

  const quietRefresh = new QuietRefresh({ refresh: (userId) => consolidatePerson(userId, options), clock });
  return {
    kind: "ready",
    run,
    wrote: (userId) => quietRefresh.wrote(userId),
    start() {
      if (schedule === undefined) return () => undefined;
      void askState();
      const stops = [
        clock.every(STATE_EVERY_MS, () => void askState()),
        quietRefresh.start(),
        startSchedule({ schedule, run, words: CONSOLIDATION_WORDS, jobs, clock, logger }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
