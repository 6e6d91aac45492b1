import { getDeps } from "@/server/deps";
import { handleDatabaseWebhook } from "@/server/hooks/database-webhook";
import { serveRequest } from "@/server/telemetry/serve-request";
import { countWebhook } from "@/server/telemetry/watched";

export function POST(request: Request): Promise<Response> {
  const deps = getDeps();
  const { cache, env, telemetry } = deps;
  const logger = deps.logger.child({ part: "webhook" });
  return serveRequest(deps, request, async () => {
    const response = await handleDatabaseWebhook(request, { cache, secret: env.WEBHOOK_SECRET, logger });
    return countWebhook(telemetry.instruments, response);
  });
}
