import { getDeps } from "@/server/deps";
import { handleSchedulerRequest } from "@/server/jobs/scheduler-request";
import { RETENTION_WORDS, retentionJob } from "@/server/retention/job";
import { serveRequest } from "@/server/telemetry/serve-request";

/** Seconds: nobody new is begun after 200 of them, and a call of the database takes at most 10. */
export const maxDuration = 300;

export function GET(request: Request): Promise<Response> {
  const deps = getDeps();
  const { retention, env } = deps;
  const logger = deps.logger.child({ part: "retention" });
  const job = retentionJob(retention);
  return serveRequest(deps, request, () =>
    handleSchedulerRequest(request, { secret: env.CRON_SECRET, job, words: RETENTION_WORDS, logger }),
  );
}
