import { handleConsolidationJob } from "@/server/consolidation/job";
import { getDeps } from "@/server/deps";

/** Seconds: nobody new is begun after 200 of them, and one person takes at most 70. */
export const maxDuration = 300;

export function GET(request: Request): Promise<Response> {
  const { consolidation, env, logger } = getDeps();
  return handleConsolidationJob(request, { secret: env.CRON_SECRET, consolidation, logger });
}
