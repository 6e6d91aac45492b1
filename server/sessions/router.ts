import { z } from "zod";
import { moveToBin } from "@/server/bin/bin";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { unwrap } from "@/server/database/errors";
import { insertOnce } from "@/server/database/insert-once";
import { newestFirst, toPage } from "@/server/database/keyset";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { SessionRow } from "@/server/database/types";
import { FIELD_LIMITS } from "@/server/field-limits";
import { pageFields, text, uuid } from "@/server/input";
import { tooManySearches } from "@/server/limits/limit-error";
import type { TokenBuckets } from "@/server/limits/token-bucket";
import { calmTitle } from "@/server/safety/calm-title";
import type { SignedInContext } from "@/server/trpc/context";
import { NOT_FOUND, unwrapFound } from "@/server/trpc/errors";
import { router, signedInProcedure } from "@/server/trpc/init";
import { searchMessages } from "./search-messages";

declare module "@/server/trpc/context" {
  interface Services {
    /** Limits how often a person may search in this process, because a search reads all of their messages. */
    searches: Pick<TokenBuckets, "take">;
  }
}

export interface Session {
  id: string;
  /** Null until the first message provides it, and if it speaks of suicide or self-harm. */
  title: string | null;
  status: "active" | "archived";
  /** Whether it is left out of every other context and never consolidated. */
  offRecord: boolean;
  messageCount: number;
  /** ISO-8601, UTC. */
  lastMessageAt: string;
  createdAt: string;
}

const COLUMNS = "id, title, status, off_record, message_count, last_message_at, created_at";
const bySession = z.object({ sessionId: uuid }).strict();

export const sessionsRouter = router({
  list: signedInProcedure
    .meta({
      description: "Conversations in which something was said, newest first; the cursor leads to older ones.",
    })
    .input(z.object({ status: z.enum(["active", "archived"]), ...pageFields }).strict())
    .query(async ({ ctx, input }) => {
      const sessions = ctx.database().from("clarify_sessions").select(COLUMNS).eq("user_id", ctx.user.id);
      // The first message names a conversation.
      const begun = sessions.eq("status", input.status).not("title", "is", null);
      const query = newestFirst(begun, "last_message_at", input);
      return toPage(unwrap(await query), input.limit, {
        toItem: toSession,
        toKeyset: (row) => ({ at: row.last_message_at, id: row.id }),
      });
    }),

  get: signedInProcedure
    .meta({ description: "One conversation." })
    .input(bySession)
    .query(async ({ ctx, input }) => {
      const query = ctx.database().from("clarify_sessions").select(COLUMNS).eq("id", input.sessionId).single();
      return toSession(unwrapFound(await query, NOT_FOUND.session));
    }),

  search: signedInProcedure
    .meta({ description: "Messages of all conversations that contain every word of a search, newest first." })
    .input(z.object({ search: text("A search", FIELD_LIMITS.search), ...pageFields }).strict())
    .query(({ ctx, input }) => {
      const waitMs = ctx.services.searches.take(ctx.user.id);
      if (waitMs > 0) throw tooManySearches(waitMs);
      return searchMessages(ctx.database(), input);
    }),

  create: signedInProcedure
    .meta({
      description:
        "Stores a conversation ahead of its first message. It is in no list and no context before that, and is removed after a day without one; `messages.send` with `opens` stores both at once. A client that makes the id itself may repeat the call.",
    })
    .input(z.object({ id: uuid.optional(), offRecord: z.boolean().default(false) }).strict())
    .mutation(({ ctx, input }) => {
      const row = { id: input.id ?? crypto.randomUUID(), user_id: ctx.user.id, off_record: input.offRecord };
      return ctx.cache.write(keysOutdatedBy("sessionCreatedOrRemoved", ctx.user.id), async (deadline) => {
        const sessions = ctx.database().from("clarify_sessions");
        const stored = await insertOnce({
          insert: sessions.insert(row).select(COLUMNS).abortSignal(deadline).single(),
          find: () => sessions.select(COLUMNS).eq("id", row.id).abortSignal(deadline).maybeSingle(),
          isSame: () => true,
        });
        return toSession(stored);
      });
    }),

  rename: signedInProcedure
    .meta({ description: "Gives a conversation a title of its own." })
    .input(bySession.extend({ title: text("A title", FIELD_LIMITS.sessionTitle) }))
    .mutation(({ ctx, input }) => update(ctx, input.sessionId, { title: input.title })),

  archive: signedInProcedure
    .meta({ description: "Archives a conversation. It stays readable." })
    .input(bySession)
    .mutation(({ ctx, input }) => update(ctx, input.sessionId, { status: "archived" })),

  restore: signedInProcedure
    .meta({ description: "Takes a conversation out of the archive." })
    .input(bySession)
    .mutation(({ ctx, input }) => update(ctx, input.sessionId, { status: "active" })),

  setOffRecord: signedInProcedure
    .meta({
      description:
        "Takes a conversation off the record, out of every other context and of consolidation, or puts it back.",
    })
    .input(bySession.extend({ offRecord: z.boolean() }))
    .mutation(({ ctx, input }) => update(ctx, input.sessionId, { off_record: input.offRecord })),

  remove: signedInProcedure
    .meta({
      description:
        "Moves a conversation and its messages into the bin. A reply that is being written in it is stopped first.",
    })
    .input(bySession)
    .mutation(async ({ ctx, input }) => {
      // Another process finds its claim gone with the message, and ends the model's request when it next renews the
      // claim.
      await ctx.services.replies.stop({ userId: ctx.user.id, sessionId: input.sessionId });
      return moveToBin(ctx, { kind: "conversation", id: input.sessionId });
    }),
});

function update(
  ctx: SignedInContext,
  sessionId: string,
  change: Partial<Pick<SessionRow, "title" | "status" | "off_record">>,
) {
  return ctx.cache.write(keysOutdatedBy("sessionChanged", ctx.user.id), async (deadline) => {
    const sessions = ctx.database().from("clarify_sessions");
    const query = sessions.update(change).eq("id", sessionId).select(COLUMNS).abortSignal(deadline).single();
    return toSession(unwrapFound(await query, NOT_FOUND.session));
  });
}

function toSession(
  row: Pick<SessionRow, "id" | "title" | "status" | "off_record" | "message_count" | "last_message_at" | "created_at">,
): Session {
  return {
    id: row.id,
    title: calmTitle(row.title),
    status: row.status,
    offRecord: row.off_record,
    messageCount: row.message_count,
    lastMessageAt: toIsoTimestamp(row.last_message_at),
    createdAt: toIsoTimestamp(row.created_at),
  };
}
