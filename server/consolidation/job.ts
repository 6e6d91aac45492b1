import { carriesSecret } from "@/server/auth/bearer-secret";
import type { Logger } from "@/server/telemetry/logger";
import type { ConsolidationReport } from "./consolidate";

/** Whether this process can consolidate, and how. */
export type Consolidation =
  | {
      kind: "ready";
      /** @throws {DatabaseError} when the list of people cannot be read. */
      run(): Promise<ConsolidationReport>;
      /** Notes that this person has just written something. */
      wrote(userId: string): void;
      /**
       * Runs at the dates of the schedule, and for people who have stopped writing. Returns a function that ends both.
       */
      start(): () => void;
    }
  /** Without a model no patterns are looked for. */
  | { kind: "no-model" }
  /** There is a model, but no key to the database. */
  | { kind: "no-secret-key" };

export interface ConsolidationJobOptions {
  /** The bearer token that the scheduler sends. Without one, nobody may call. */
  secret: string | undefined;
  consolidation: Consolidation;
  logger: Logger;
}

/**
 * Answers the scheduler. 200 with what was done, or that there is nothing to do without a model; 401 for a wrong
 * secret; 503 when not configured or when the database cannot be reached. The answer contains only counts.
 */
export async function handleConsolidationJob(
  request: Request,
  { secret, consolidation, logger }: ConsolidationJobOptions,
): Promise<Response> {
  if (secret === undefined) return refuse(503, "The job is not configured: CRON_SECRET is not set.");
  if (!carriesSecret(request, secret)) return refuse(401, "The bearer token is missing or wrong.");
  switch (consolidation.kind) {
    case "no-model":
      return Response.json({
        status: "nothing to do",
        reason: "No model is configured: ANTHROPIC_API_KEY is not set.",
      });
    case "no-secret-key":
      return refuse(503, "The job is not configured: SUPABASE_SECRET_KEY is not set.");
    case "ready":
      try {
        const report = await consolidation.run();
        logger.info(report, "patterns consolidated");
        return Response.json({ status: "done", ...report });
      } catch (err) {
        logger.error({ err }, "consolidation failed");
        return refuse(503, "The database cannot be reached just now.");
      }
  }
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status });
}
