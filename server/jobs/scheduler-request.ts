import { carriesSecret } from "@/server/auth/bearer-secret";
import type { Logger } from "@/server/telemetry/logger";

/** What the log says when a job has run. */
export interface JobWords {
  done: string;
  failed: string;
}

export type Job =
  /** Resolves with counts of what was done. */
  | { run(): Promise<object> }
  /** Why there is nothing to run. */
  | { nothingToDo: string }
  /** What is missing to run. */
  | { notConfigured: string };

export interface SchedulerRequestOptions {
  /** The bearer token that the scheduler sends. Without one, nobody may call. */
  secret: string | undefined;
  job: Job;
  words: JobWords;
  logger: Logger;
}

/**
 * Answers a scheduler that calls a job. 200 with what was done, or that there is nothing to do; 401 for a wrong secret;
 * 503 when not configured or when the database cannot be reached. The answer contains only counts.
 */
export async function handleSchedulerRequest(
  request: Request,
  { secret, job, words, logger }: SchedulerRequestOptions,
): Promise<Response> {
  if (secret === undefined) return refuse(503, "The job is not configured: CRON_SECRET is not set.");
  if (!carriesSecret(request, secret)) return refuse(401, "The bearer token is missing or wrong.");
  if ("nothingToDo" in job) return Response.json({ status: "nothing to do", reason: job.nothingToDo });
  if ("notConfigured" in job) return refuse(503, `The job is not configured: ${job.notConfigured}`);
  try {
    const report = await job.run();
    logger.info(report, words.done);
    return Response.json({ status: "done", ...report });
  } catch (err) {
    logger.error({ err }, words.failed);
    return refuse(503, "The database cannot be reached just now.");
  }
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status });
}
