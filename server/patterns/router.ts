import { z } from "zod";
import { moveToBin } from "@/server/bin/bin";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { unwrap } from "@/server/database/errors";
import { newestFirst, toPage } from "@/server/database/keyset";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { PatternRow } from "@/server/database/types";
import { FIELD_LIMITS } from "@/server/field-limits";
import { pageFields, text, uuid } from "@/server/input";
import type { SignedInContext } from "@/server/trpc/context";
import { NOT_FOUND, unwrapFound } from "@/server/trpc/errors";
import { router, signedInProcedure } from "@/server/trpc/init";

/** A pattern across conversations, found by consolidation. The person may correct its words. */
export interface Pattern {
  id: string;
  type: PatternRow["type"];
  content: string;
  /** Whether it is left out of every context until it is resumed. */
  paused: boolean;
  /** 1 to 10. */
  strength: number;
  /** The conversation in which it was first seen. */
  sessionId: string | null;
  /** ISO-8601, UTC. */
  lastSeenAt: string;
  createdAt: string;
}

/** A message that shows a pattern. */
export interface PatternMessage {
  id: string;
  sessionId: string;
  content: string;
  /** ISO-8601, UTC. */
  createdAt: string;
}

/** Whether patterns are looked for, or why not: there is no model, or no key to read the database with. */
export type Learning = "ready" | "no-model" | "no-secret-key";

const byPattern = z.object({ patternId: uuid }).strict();
const COLUMNS = "id, type, content, paused, strength, session_id, last_seen_at, created_at";

declare module "@/server/trpc/context" {
  interface Services {
    /** Whether patterns are looked for, or why not. */
    learning: Learning;
  }
}

export const patternsRouter = router({
  learning: signedInProcedure
    .meta({ description: "Whether patterns are looked for: `ready`, or why not: `no-model`, `no-secret-key`." })
    .query(({ ctx }) => ctx.services.learning),

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

  messages: signedInProcedure
    .meta({ description: "The messages in which a pattern was seen, latest first, without deleted ones." })
    .input(byPattern)
    .query(async ({ ctx, input }): Promise<PatternMessage[]> => {
      const database = ctx.database();
      const pattern = database.from("clarify_patterns").select("message_ids").eq("id", input.patternId).single();
      const { message_ids: ids } = unwrapFound(await pattern, NOT_FOUND.pattern);
      if (ids.length === 0) return [];
      const messages = database.from("clarify_messages").select("id, session_id, content, created_at").in("id", ids);
      const rows = unwrap(await messages.order("created_at", { ascending: false }).order("id", { ascending: false }));
      return rows.map(({ id, session_id, content, created_at }) => ({
        id,
        sessionId: session_id,
        content,
        createdAt: toIsoTimestamp(created_at),
      }));
    }),

  update: signedInProcedure
    .meta({ description: "Rewords a pattern. Consolidation keeps the words." })
    .input(byPattern.extend({ content: text("A pattern", FIELD_LIMITS.pattern) }))
    .mutation(({ ctx, input: { patternId, content } }) => update(ctx, patternId, { content })),

  setPaused: signedInProcedure
    .meta({ description: "Leaves a pattern out of every context, or puts it back. The pattern stays unchanged." })
    .input(byPattern.extend({ paused: z.boolean() }))
    .mutation(({ ctx, input: { patternId, paused } }) => update(ctx, patternId, { paused })),

  remove: signedInProcedure
    .meta({ description: "Moves a pattern into the bin." })
    .input(byPattern)
    .mutation(({ ctx, input }) => moveToBin(ctx, { kind: "pattern", id: input.patternId })),
});

function update(ctx: SignedInContext, patternId: string, change: Partial<Pick<PatternRow, "content" | "paused">>) {
  return ctx.cache.write(keysOutdatedBy("pattern", ctx.user.id), async (deadline) => {
    const patterns = ctx.database().from("clarify_patterns");
    const query = patterns.update(change).eq("id", patternId).select(COLUMNS).abortSignal(deadline).single();
    return toPattern(unwrapFound(await query, NOT_FOUND.pattern));
  });
}

function toPattern(
  row: Pick<
    PatternRow,
    "id" | "type" | "content" | "paused" | "strength" | "session_id" | "last_seen_at" | "created_at"
  >,
): Pattern {
  return {
    id: row.id,
    type: row.type,
    content: row.content,
    paused: row.paused,
    strength: row.strength,
    sessionId: row.session_id,
    lastSeenAt: toIsoTimestamp(row.last_seen_at),
    createdAt: toIsoTimestamp(row.created_at),
  };
}
