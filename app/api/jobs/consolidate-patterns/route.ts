import { CONSOLIDATION_WORDS, consolidationJob } from "@/server/consolidation/job";
import { getDeps } from "@/server/deps";
import { handleSchedulerRequest } from "@/server/jobs/scheduler-request";
import { serveRequest } from "@/server/telemetry/serve-request";

/** In seconds. No further person is begun after 200, and one person takes at most 70. */
export const maxDuration = 300;

export function GET(request: Request): Promise<Response> {
  const deps = getDeps();
  const { consolidation, env } = deps;
  const logger = deps.logger.child({ part: "consolidation" });
  const job = consolidationJob(consolidation);
  return serveRequest(deps, request, () =>
    handleSchedulerRequest(request, { secret: env.CRON_SECRET, job, words: CONSOLIDATION_WORDS, logger }),
  );
}
