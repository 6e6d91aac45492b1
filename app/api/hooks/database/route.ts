import { getDeps } from "@/server/deps";
import { handleDatabaseWebhook } from "@/server/hooks/database-webhook";
import { countWebhook } from "@/server/hooks/metrics";
import { serveRequest } from "@/server/telemetry/serve-request";

export function POST(request: Request): Promise<Response> {
  const deps = getDeps();
  const { cache, env, metrics } = deps;
  const logger = deps.logger.child({ part: "webhook" });
  return serveRequest(deps, request, async () => {
    const response = await handleDatabaseWebhook(request, { cache, secret: env.WEBHOOK_SECRET, logger });
    return countWebhook(metrics, response);
  });
}
