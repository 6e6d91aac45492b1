import { handleConsolidationJob } from "@/server/consolidation/job";
import { getDeps } from "@/server/deps";
import { serveRequest } from "@/server/telemetry/serve-request";

/** In seconds. No further person is begun after 200, and one person takes at most 70. */
export const maxDuration = 300;

export function GET(request: Request): Promise<Response> {
  const deps = getDeps();
  const { consolidation, env } = deps;
  const logger = deps.logger.child({ part: "consolidation" });
  return serveRequest(deps, request, () =>
    handleConsolidationJob(request, { secret: env.CRON_SECRET, consolidation, logger }),
  );
}
