import { DEMO_WORDS, demoJob } from "@/server/demo/job";
import { getDeps } from "@/server/deps";
import { handleSchedulerRequest } from "@/server/jobs/scheduler-request";
import { serveRequest } from "@/server/telemetry/serve-request";

/** Seconds: no further one is removed after 200 of them, and a call of the database takes at most 10. */
export const maxDuration = 300;

export function GET(request: Request): Promise<Response> {
  const deps = getDeps();
  const { demo, env } = deps;
  const logger = deps.logger.child({ part: "demo" });
  const job = demoJob(demo);
  return serveRequest(deps, request, () =>
    handleSchedulerRequest(request, { secret: env.CRON_SECRET, job, words: DEMO_WORDS, logger }),
  );
}
