import { getDeps } from "@/server/deps";
import { handleDatabaseWebhook } from "@/server/hooks/database-webhook";

export function POST(request: Request): Promise<Response> {
  const { cache, env, logger } = getDeps();
  return handleDatabaseWebhook(request, { cache, secret: env.WEBHOOK_SECRET, logger });
}
