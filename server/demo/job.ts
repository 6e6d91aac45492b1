import type { DemoAccount } from "@/server/auth/demo-copy";
import type { Clock } from "@/server/clock";
import type { JobStore } from "@/server/jobs/job-store";
import { startSchedule } from "@/server/jobs/schedule";
import type { Job, JobWords } from "@/server/jobs/scheduler-request";
import type { DemoCopiesOptions } from "./copies";
import { openDemoCopy } from "./copies";
import type { EndedCopiesDependencies, EndedCopiesReport } from "./remove-ended-copies";
import { removeEndedCopies } from "./remove-ended-copies";

/** Whether this app has a demo, and what it does for it. */
export type Demo =
  | {
      kind: "ready";
      /** See `openDemoCopy`. */
      openCopy(): Promise<DemoAccount | null>;
      /** Removes the copies that have ended. */
      run(): Promise<EndedCopiesReport>;
      /** Runs at the dates of the schedule. Returns a function that ends it. */
      start(): () => void;
    }
  | { kind: "off" };

export interface DemoOptions extends DemoCopiesOptions, EndedCopiesDependencies {
  jobs: Pick<JobStore, "begin" | "end">;
  clock: Clock;
  /** Whether this process runs the schedule. A process that lives no longer than its requests does not; a scheduler calls `run`. */
  scheduled: boolean;
}

/** Every hour, apart from the other jobs. */
const SCHEDULE = "37 * * * *";

export const DEMO_WORDS: JobWords = { done: "ended demos removed", failed: "removal of ended demos failed" };

export function createDemo(options: DemoOptions): Extract<Demo, { kind: "ready" }> {
  const { jobs, clock, logger, scheduled } = options;

  async function run(): Promise<EndedCopiesReport> {
    let succeeded = false;
    try {
      const report = await removeEndedCopies(options);
      succeeded = report.failed === 0;
      return report;
    } finally {
      await jobs
        .end(succeeded)
        .catch((err: unknown) => logger.warn({ err }, "the end of a removal of demos is not stored"));
    }
  }

  return {
    kind: "ready",
    openCopy: () => openDemoCopy(options),
    run,
    start() {
      if (!scheduled) return () => undefined;
      return startSchedule({ schedule: SCHEDULE, run, words: DEMO_WORDS, jobs, clock, logger });
    },
  };
}

/** The removal of ended demos as a scheduler asks for it. */
export function demoJob(demo: Demo): Job {
  return demo.kind === "ready" ? demo : { nothingToDo: "There is no demo: DEMO is not on." };
}
