import { z } from "zod";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { unwrap } from "@/server/database/errors";
import { newestFirst, toPage } from "@/server/database/keyset";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { PatternRow } from "@/server/database/types";
import { pageFields, uuid } from "@/server/input";
import { NOT_FOUND, unwrapFound } from "@/server/trpc/errors";
import { router, signedInProcedure } from "@/server/trpc/init";

/** A pattern across conversations, found by consolidation and never written by the person. */
export interface Pattern {
  id: string;
  type: PatternRow["type"];
  content: string;
  /** 1 to 10. */
  strength: number;
  /** The conversation that it was first seen in. */
  sessionId: string | null;
  /** ISO-8601, UTC. */
  lastSeenAt: string;
  createdAt: string;
}

const COLUMNS = "id, type, content, strength, session_id, last_seen_at, created_at";

export const patternsRouter = router({
  list: signedInProcedure
    .meta({ description: "Patterns, latest seen first; the cursor leads to older ones." })
    .input(z.object(pageFields).strict())
    .query(async ({ ctx, input }) => {
      const patterns = ctx.database().from("clarify_patterns").select(COLUMNS).eq("user_id", ctx.user.id);
      const query = newestFirst(patterns, "last_seen_at", input);
      return toPage(unwrap(await query), input.limit, {
        toItem: toPattern,
        toKeyset: (row) => ({ at: row.last_seen_at, id: row.id }),
      });
    }),

  remove: signedInProcedure
    .meta({ description: "Forgets a pattern." })
    .input(z.object({ patternId: uuid }).strict())
    .mutation(({ ctx, input }) =>
      ctx.cache.write(keysOutdatedBy("pattern", ctx.user.id), async (deadline) => {
        const patterns = ctx.database().from("clarify_patterns");
        const query = patterns.delete().eq("id", input.patternId).select("id").abortSignal(deadline).single();
        return unwrapFound(await query, NOT_FOUND.pattern);
      }),
    ),
});

function toPattern(
  row: Pick<PatternRow, "id" | "type" | "content" | "strength" | "session_id" | "last_seen_at" | "created_at">,
): Pattern {
  return {
    id: row.id,
    type: row.type,
    content: row.content,
    strength: row.strength,
    sessionId: row.session_id,
    lastSeenAt: toIsoTimestamp(row.last_seen_at),
    createdAt: toIsoTimestamp(row.created_at),
  };
}
