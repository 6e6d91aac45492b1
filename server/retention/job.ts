import type { Clock } from "@/server/clock";
import type { JobStore } from "@/server/jobs/job-store";
import { startSchedule } from "@/server/jobs/schedule";
import type { Job, JobWords } from "@/server/jobs/scheduler-request";
import type { RetentionMetrics } from "./metrics";
import type { RetentionDependencies, RetentionReport } from "./remove-old-conversations";
import { removeOldConversations } from "./remove-old-conversations";

/** Whether this process removes old conversations, and how. */
export type Retention =
  | {
      kind: "ready";
      /** @throws {DatabaseError} when the list of people cannot be read. */
      run(): Promise<RetentionReport>;
      /** Runs at the dates of the schedule. Returns a function that ends it. */
      start(): () => void;
    }
  /** There is no key with which it could. */
  | { kind: "off" };

export interface RetentionOptions extends RetentionDependencies {
  jobs: Pick<JobStore, "begin" | "end">;
  clock: Clock;
  metrics: RetentionMetrics;
  /** Whether this process runs the schedule. A process that lives no longer than its requests does not; a scheduler calls `run`. */
  scheduled: boolean;
}

/** Every hour, apart from the consolidation. */
const SCHEDULE = "17 * * * *";

export const RETENTION_WORDS: JobWords = {
  done: "old conversations removed",
  failed: "removal of old conversations failed",
};

/** The removal of old conversations in this process: on request, and by the schedule. */
export function createRetention(options: RetentionOptions): Extract<Retention, { kind: "ready" }> {
  const { jobs, clock, metrics, logger, scheduled } = options;

  async function run(): Promise<RetentionReport> {
    let succeeded = false;
    try {
      const report = await removeOldConversations(options);
      succeeded = report.failed === 0 || report.conversations + report.fromBins > 0;
      return report;
    } finally {
      metrics.retentionRuns.add(1, { result: succeeded ? "succeeded" : "failed" });
      await jobs
        .end(succeeded)
        .catch((err: unknown) => logger.warn({ err }, "the end of a removal of old conversations is not stored"));
    }
  }

  return {
    kind: "ready",
    run,
    start() {
      if (!scheduled) return () => undefined;
      return startSchedule({ schedule: SCHEDULE, run, words: RETENTION_WORDS, jobs, clock, logger });
    },
  };
}

/** The removal of old conversations as a scheduler asks for it. */
export function retentionJob(retention: Retention): Job {
  if (retention.kind === "ready") return retention;
  return { nothingToDo: "Nothing is removed: SUPABASE_SECRET_KEY is not set." };
}
