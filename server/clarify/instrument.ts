import { createHash } from "node:crypto";
import type { Build, Instrument } from "@/server/context/build";
import type { Logger } from "@/server/telemetry/logger";
import { inSpan, spanThatTook } from "@/server/telemetry/spans";
import type { SignedInContext } from "@/server/trpc/context";
import type { ContextMetrics } from "./metrics";
import { temperatureOf } from "./metrics";
import type { SectionName } from "./sections";

type Input = { sessionId: string | null };

/** Records builds and loads in spans and metrics, and each build in one log line. */
export const instrument: Instrument<SignedInContext, SectionName, Input> = {
  async build(run, { ctx, input }) {
    const { clock, metrics, telemetry } = ctx.services;
    const build = await inSpan(telemetry, "context build", {}, async () => {
      const begunAt = clock.now();
      const built = await run();
      // All sections are read in one request.
      spanThatTook(telemetry, "cache read", {}, { ms: built.readMs, endedAt: begunAt + built.readMs });
      return built;
    });
    for (const { section, error } of build.failures) ctx.logger.warn({ section, err: error }, "section missing");
    countBuild(metrics, build);
    logBuild(ctx.logger, build, { userId: ctx.user.id, sessionId: input.sessionId });
    return build;
  },

  load(run, { ctx, section }) {
    const { metrics, telemetry } = ctx.services;
    const begun = performance.now();
    const record = (result: "loaded" | "failed") =>
      metrics.sectionLoadMs.record(performance.now() - begun, { section, result });
    return inSpan(telemetry, "section load", { section }, async () => {
      try {
        const rows = await run();
        record("loaded");
        return rows;
      } catch (error) {
        record("failed");
        throw error;
      }
    });
  },
};

function countBuild(metrics: ContextMetrics, { context, loadMs }: Build<SectionName>): void {
  metrics.contextBuildMs.record(context.buildMs, { temperature: temperatureOf(context) });
  if (loadMs !== null) metrics.queryParallelMs.record(loadMs);
  for (const { name, source } of context.sections) {
    if (source === "missing") metrics.cacheReads.add(1, { section: name, outcome: "missing" });
  }
}

/** Logs durations, outcomes, ages and tokens. Nothing that the person wrote is logged, and only a hash of their id. */
function logBuild(
  logger: Logger,
  { context, loadMs }: Build<SectionName>,
  { userId, sessionId }: { userId: string; sessionId: string | null },
): void {
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
      queryMs: loadMs,
      tokens: context.tokens,
      budget: context.budget,
      sections,
      leftOut,
    },
    "context built",
  );
}

/** A hash that tells one person's log lines from another's without revealing who they are. */
function hashUserId(userId: string): string {
  return createHash("sha256").update(userId).digest("base64url").slice(0, 12);
}
