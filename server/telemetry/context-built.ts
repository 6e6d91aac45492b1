import { createHash } from "node:crypto";
import type { ClarifyContext } from "@/server/context/context";
import type { Logger } from "./logger";
import type { Telemetry } from "./telemetry";

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
  { instruments }: Pick<Telemetry, "instruments">,
  logger: Logger,
  { userId, sessionId, context, waits }: BuiltContext,
): void {
  const queryMs = waits.length > 0 ? Math.max(...waits) : null;
  instruments.contextBuildMs.record(context.buildMs, { temperature: queryMs === null ? "warm" : "cold" });
  if (queryMs !== null) instruments.queryParallelMs.record(queryMs);
  for (const { name, source } of context.sections) {
    if (source === "missing") instruments.cacheReads.add(1, { section: name, outcome: "missing" });
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
