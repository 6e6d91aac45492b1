import { createHash } from "node:crypto";
import type { ClarifyContext, SectionName } from "@/server/context/context";
import type { Logger } from "@/server/telemetry/logger";
import { inSpan } from "@/server/telemetry/spans";
import type { Telemetry } from "@/server/telemetry/telemetry";
import type { ContextMetrics } from "./metrics";

export interface BuiltContext {
  userId: string;
  sessionId: string | null;
  context: ClarifyContext;
  /** How long each section that was not in the cache waited for the database, in milliseconds. */
  waits: readonly number[];
}

/**
 * Records a build, and logs one line of it: durations, outcomes, ages and tokens; nothing that the person wrote, and of
 * who they are only what tells one person's lines from another's.
 */
export function contextBuilt(
  metrics: ContextMetrics,
  logger: Logger,
  { userId, sessionId, context, waits }: BuiltContext,
): void {
  const queryMs = waits.length > 0 ? Math.max(...waits) : null;
  metrics.contextBuildMs.record(context.buildMs, { temperature: queryMs === null ? "warm" : "cold" });
  if (queryMs !== null) metrics.queryParallelMs.record(queryMs);
  for (const { name, source } of context.sections) {
    if (source === "missing") metrics.cacheReads.add(1, { section: name, outcome: "missing" });
  }
  if (!logger.isLevelEnabled("info")) return;
  const sections = Object.fromEntries(
    context.sections.map(({ name, source, missingReason, ageMs, itemsLoaded, itemsIncluded, tokens }) => [
      name,
      { source, ...(missingReason && { missingReason }), ageMs, itemsLoaded, itemsIncluded, tokens },
    ]),
  );
  const leftOut = context.sections
    .filter(({ source, itemsLoaded, itemsIncluded }) => source === "missing" || itemsIncluded < itemsLoaded)
    .map(({ name }) => name);
  logger.info(
    {
      part: "context",
      user: hashUserId(userId),
      sessionId,
      buildMs: context.buildMs,
      queryMs,
      tokens: context.tokens,
      budget: context.budget,
      sections,
      leftOut,
    },
    "context built",
  );
}

/** Tells one person's lines apart without saying who they are. */
function hashUserId(userId: string): string {
  return createHash("sha256").update(userId).digest("base64url").slice(0, 12);
}

export interface SectionLoading {
  metrics: Pick<ContextMetrics, "sectionLoadMs">;
  telemetry: Pick<Telemetry, "tracer" | "tracing">;
}

/** Loads a section from the database, and records how long that took and what came of it. */
export function recordLoad<T>(
  { metrics, telemetry }: SectionLoading,
  section: SectionName,
  load: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  const record = (result: "loaded" | "failed") =>
    metrics.sectionLoadMs.record(performance.now() - begun, { section, result });
  return inSpan(telemetry, "section load", { section }, async () => {
    try {
      const rows = await load();
      record("loaded");
      return rows;
    } catch (error) {
      record("failed");
      throw error;
    }
  });
}
