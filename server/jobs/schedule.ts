import { Cron } from "croner";
import type { Clock } from "@/server/clock";
import type { Logger } from "@/server/telemetry/logger";
import type { JobStore } from "./job-store";
import type { JobWords } from "./scheduler-request";

export interface ScheduleOptions {
  /** Five fields of cron, in UTC. */
  schedule: string;
  /** Resolves with counts of what was done, for the log. */
  run(): Promise<object>;
  words: JobWords;
  jobs: Pick<JobStore, "begin">;
  clock: Pick<Clock, "now" | "every">;
  logger: Logger;
}

/** How often to look whether a run is due, in milliseconds. */
const LOOK_MS = 15_000;

/**
 * Runs a job at the dates of a schedule, for as long as the process lives. Each date is run by one process: the first
 * that claims it in the database. A process skips a date that passes during a run of its own.
 *
 * @returns ends the schedule; a run that is under way goes on
 */
export function startSchedule({ schedule, run, words, jobs, clock, logger }: ScheduleOptions): () => void {
  const cron = new Cron(schedule, { paused: true, timezone: "UTC" });
  const next = () => cron.nextRun(new Date(clock.now()));
  let due = next();
  let running = false;

  async function runDue(dueAt: Date): Promise<void> {
    running = true;
    try {
      if (!(await jobs.begin(dueAt))) return;
      logger.info(await run(), words.done);
    } catch (err) {
      logger.error({ err }, words.failed);
    } finally {
      running = false;
    }
  }

  return clock.every(LOOK_MS, () => {
    if (due === null || clock.now() < due.getTime()) return;
    const dueAt = due;
    due = next();
    if (!running) void runDue(dueAt);
  });
}

/** Whether a text is a schedule that `startSchedule` takes. */
export function isSchedule(text: string): boolean {
  try {
    new Cron(text, { paused: true, mode: "5-part" });
    return true;
  } catch {
    return false;
  }
}
