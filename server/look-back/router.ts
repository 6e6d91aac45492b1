import { z } from "zod";
import { unwrap } from "@/server/database/errors";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { LookBackRows, PatternRow } from "@/server/database/types";
import { speaksOfCrisis } from "@/server/safety/crisis-words";
import { router, signedInProcedure } from "@/server/trpc/init";

/** What came back, shifted and went quiet in a stretch of time. All times are ISO-8601, UTC. */
export interface LookBack {
  /** Patterns that were known before and were seen again, strongest first. */
  cameBack: { id: string; content: string; type: PatternRow["type"]; knownSince: string }[];
  /** Dreams that began, were achieved or were let go of, latest first. */
  dreams: { id: string; title: string; change: "begun" | "achieved" | "released"; at: string }[];
  /** The most frequent tones of the reflections, most frequent first: of as long a time before it, and of it. */
  tones: { before: string[]; now: string[] };
  /** Active dreams that nothing was changed in or reflected on since it began, the longest quiet first. */
  quiet: { id: string; title: string; since: string }[];
}

const LONGEST_MS = 40 * 24 * 60 * 60_000;

const moment = z.iso.datetime("A moment is written as 2026-11-01T00:00:00Z");

export const lookBackRouter = router({
  read: signedInProcedure
    .meta({
      description:
        "What came back, what shifted and which dreams went quiet between two moments, at most 40 days apart. Nothing that is paused or speaks of suicide or self-harm is in it.",
    })
    .input(
      z
        .object({ from: moment, until: moment })
        .strict()
        .refine(
          ({ from, until }) => isStretch(Date.parse(until) - Date.parse(from)),
          "It has to be up to 40 days long",
        ),
    )
    .query(async ({ ctx, input: { from, until } }) =>
      toLookBack(unwrap(await ctx.database().rpc("look_back", { p_from: from, p_until: until }))),
    ),
});

function isStretch(ms: number): boolean {
  return ms > 0 && ms <= LONGEST_MS;
}

function toLookBack({ came_back, dreams, tones, quiet }: LookBackRows): LookBack {
  const isCalm = (text: string) => !speaksOfCrisis(text);
  return {
    cameBack: came_back
      .filter(({ content }) => isCalm(content))
      .map(({ created_at, ...pattern }) => ({ ...pattern, knownSince: toIsoTimestamp(created_at) })),
    dreams: dreams.filter(({ title }) => isCalm(title)).map((dream) => ({ ...dream, at: toIsoTimestamp(dream.at) })),
    tones: { before: tones.before.filter(isCalm), now: tones.now.filter(isCalm) },
    quiet: quiet
      .filter(({ title }) => isCalm(title))
      .map(({ updated_at, ...dream }) => ({ ...dream, since: toIsoTimestamp(updated_at) })),
  };
}
