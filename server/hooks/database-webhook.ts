import { ZodError } from "zod";
import { carriesSecret } from "@/server/auth/bearer-secret";
import type { Cache } from "@/server/cache";
import { BodyTooLargeError, NotUtf8Error, readCapped } from "@/server/read-capped";
import type { Logger } from "@/server/telemetry/logger";
import { databaseEvent, keysOutdatedByEvent } from "./database-event";

export interface DatabaseWebhookOptions {
  cache: Pick<Cache, "invalidate">;
  /** The bearer token that the database sends. Without one, nobody may call. */
  secret: string | undefined;
  logger: Logger;
}

const MAX_BODY_BYTES = 256 * 1024;

/**
 * Answers Supabase's database webhook: invalidates what a changed row outdates, for writes outside the app and as a
 * second line of defence for those inside. Entries that a write of the app has outdated itself stay, because they may
 * have been loaded again since. It only removes from the cache, so replays and reordered events are harmless.
 *
 * 200 with the number of entries that the row is in, 0 for tables without a section (a project may have tables of its
 * own); 400 malformed, 401 wrong secret, 413 larger than 256 kB, 503 no secret configured. No answer contains anything
 * of the event.
 */
export async function handleDatabaseWebhook(
  request: Request,
  { cache, secret, logger }: DatabaseWebhookOptions,
): Promise<Response> {
  if (secret === undefined) return refuse(503, "The webhook is not configured: WEBHOOK_SECRET is not set.");
  if (!carriesSecret(request, secret)) return refuse(401, "The bearer token is missing or wrong.");
  try {
    const event = databaseEvent.parse(JSON.parse(await readCapped(request, MAX_BODY_BYTES)));
    const keys = keysOutdatedByEvent(event);
    await cache.invalidate(keys, { newsOf: event.write ?? undefined });
    logger.debug({ table: event.table, type: event.type, outdated: keys.length }, "database webhook");
    return Response.json({ outdated: keys.length });
  } catch (error) {
    if (error instanceof BodyTooLargeError) return refuse(413, "The event is larger than 256 kB.");
    const malformed = [NotUtf8Error, SyntaxError, ZodError].some((kind) => error instanceof kind);
    if (malformed) return refuse(400, "This is not a database event.");
    throw error;
  }
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status });
}
