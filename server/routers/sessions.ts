import { z } from "zod";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { unwrap } from "@/server/database/errors";
import { cursorSchema, encodeCursor, olderThan } from "@/server/database/keyset";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { SessionRow } from "@/server/database/types";
import type { SignedInContext } from "@/server/trpc/context";
import { unwrapFound } from "@/server/trpc/errors";
import { router, signedInProcedure } from "@/server/trpc/init";

export interface Session {
  id: string;
  /** Null until the first message names it. */
  title: string | null;
  status: "active" | "archived";
  messageCount: number;
  /** ISO-8601, UTC. */
  lastMessageAt: string;
  createdAt: string;
}

export const SESSION_NOT_FOUND = "This conversation does not exist, or it is not yours.";

const UNIQUE_VIOLATION = "23505";
const COLUMNS = "id, title, status, message_count, last_message_at, created_at";
const bySession = z.object({ sessionId: z.string().uuid() }).strict();
const title = z
  .string()
  .trim()
  .min(1, "A title needs at least one character")
  .max(200, "A title can have at most 200 characters");

export const sessionsRouter = router({
  /** Newest conversation first; the cursor leads to older ones. */
  list: signedInProcedure
    .input(
      z
        .object({
          status: z.enum(["active", "archived"]),
          cursor: cursorSchema.nullish(),
          limit: z.number().int().min(1).max(100).default(30),
        })
        .strict(),
    )
    .query(async ({ ctx, input }) => {
      const { status, cursor, limit } = input;
      let query = ctx
        .database()
        .from("clarify_sessions")
        .select(COLUMNS)
        .eq("user_id", ctx.user.id)
        .eq("status", status)
        .order("last_message_at", { ascending: false })
        .order("id", { ascending: false })
        .limit(limit + 1);
      if (cursor) query = query.or(olderThan("last_message_at", cursor));
      const rows = unwrap(await query);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const nextCursor = rows.length > limit && last ? encodeCursor({ at: last.last_message_at, id: last.id }) : null;
      return { items: page.map(toSession), nextCursor };
    }),

  /** One conversation. */
  get: signedInProcedure.input(bySession).query(async ({ ctx, input }) => {
    const query = ctx.database().from("clarify_sessions").select(COLUMNS).eq("id", input.sessionId).single();
    return toSession(unwrapFound(await query, SESSION_NOT_FOUND));
  }),

  /** Opens a conversation. A client that makes the id itself may repeat the call. */
  create: signedInProcedure
    .input(z.object({ id: z.string().uuid().optional() }).strict())
    .mutation(({ ctx, input }) => {
      const row = { user_id: ctx.user.id, ...(input.id !== undefined && { id: input.id }) };
      return ctx.cache.write(keysOutdatedBy("sessionCreatedOrRemoved", ctx.user.id), async (deadline) => {
        const sessions = ctx.database().from("clarify_sessions");
        const inserted = await sessions.insert(row).select(COLUMNS).abortSignal(deadline).single();
        if (input.id === undefined || inserted.error?.code !== UNIQUE_VIOLATION) return toSession(unwrap(inserted));
        const existing = await sessions.select(COLUMNS).eq("id", input.id).abortSignal(deadline).maybeSingle();
        return toSession(unwrap(existing) ?? unwrap(inserted));
      });
    }),

  /** Gives a conversation a title of its own. */
  rename: signedInProcedure
    .input(bySession.extend({ title }))
    .mutation(({ ctx, input }) => update(ctx, input.sessionId, { title: input.title })),

  /** Puts a conversation away; it stays readable. */
  archive: signedInProcedure
    .input(bySession)
    .mutation(({ ctx, input }) => update(ctx, input.sessionId, { status: "archived" })),

  /** Takes a conversation out of the archive. */
  restore: signedInProcedure
    .input(bySession)
    .mutation(({ ctx, input }) => update(ctx, input.sessionId, { status: "active" })),

  /** Deletes a conversation and its messages. */
  remove: signedInProcedure.input(bySession).mutation(({ ctx, input }) =>
    ctx.cache.write(keysOutdatedBy("sessionCreatedOrRemoved", ctx.user.id), async (deadline) => {
      const sessions = ctx.database().from("clarify_sessions");
      const query = sessions.delete().eq("id", input.sessionId).select("id").abortSignal(deadline).single();
      return unwrapFound(await query, SESSION_NOT_FOUND);
    }),
  ),
});

function update(ctx: SignedInContext, sessionId: string, change: Partial<Pick<SessionRow, "title" | "status">>) {
  return ctx.cache.write(keysOutdatedBy("sessionChanged", ctx.user.id), async (deadline) => {
    const sessions = ctx.database().from("clarify_sessions");
    const query = sessions.update(change).eq("id", sessionId).select(COLUMNS).abortSignal(deadline).single();
    return toSession(unwrapFound(await query, SESSION_NOT_FOUND));
  });
}

function toSession(
  row: Pick<SessionRow, "id" | "title" | "status" | "message_count" | "last_message_at" | "created_at">,
): Session {
  return {
    id: row.id,
    title: row.title,
    status: row.status,
    messageCount: row.message_count,
    lastMessageAt: toIsoTimestamp(row.last_message_at),
    createdAt: toIsoTimestamp(row.created_at),
  };
}
