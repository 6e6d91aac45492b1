import { z } from "zod";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { unwrap } from "@/server/database/errors";
import { newestFirst, toPage } from "@/server/database/keyset";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { BinRow } from "@/server/database/types";
import { pageFields, uuid } from "@/server/input";
import { calmTitle } from "@/server/safety/calm-title";
import { NOT_FOUND, orNotFound } from "@/server/trpc/errors";
import { router, signedInProcedure } from "@/server/trpc/init";
import type { BinKey } from "./bin";
import { BIN_DAYS, BIN_KINDS, BIN_WRITES } from "./bin";

/** Something that the person has removed. */
export interface BinItem extends BinKey {
  /** The title of a dream or conversation, or the text of a pattern or reflection; null for a conversation without one. */
  title: string | null;
  /** ISO-8601, UTC. */
  removedAt: string;
  /** When it is removed for good. */
  goneAt: string;
}

const DAY_MS = 24 * 60 * 60_000;

export const binRouter = router({
  list: signedInProcedure
    .meta({
      description:
        "Patterns, dreams, reflections and conversations that were removed in the last 30 days, newest first. `knowledge.forget` removes them for good.",
    })
    .input(z.object(pageFields).strict())
    .query(async ({ ctx, input }) => {
      const oldest = new Date(ctx.services.clock.now() - BIN_DAYS * DAY_MS).toISOString();
      const bin = ctx.database().from("bin").select("id, kind, title, removed_at").eq("user_id", ctx.user.id);
      const query = newestFirst(bin.gte("removed_at", oldest), "removed_at", input);
      return toPage(unwrap(await query), input.limit, {
        toItem: toBinItem,
        toKeyset: (row) => ({ at: row.removed_at, id: row.id }),
      });
    }),

  restore: signedInProcedure
    .meta({ description: "Takes something out of the bin, as it was; a conversation with its messages." })
    .input(z.object({ kind: z.enum(BIN_KINDS), id: uuid }).strict())
    .mutation(async ({ ctx, input: { kind, id } }) => {
      const restoring = ctx.cache.write(keysOutdatedBy(BIN_WRITES[kind], ctx.user.id), async (deadline) =>
        unwrap(await ctx.database().rpc("restore_from_bin", { p_kind: kind, p_id: id }).abortSignal(deadline)),
      );
      await orNotFound(restoring, NOT_FOUND.binItem);
      return { id };
    }),
});

function toBinItem({ id, kind, title, removed_at }: Pick<BinRow, "id" | "kind" | "title" | "removed_at">): BinItem {
  const removedAt = toIsoTimestamp(removed_at);
  const shown = kind === "conversation" ? calmTitle(title) : title;
  return {
    id,
    kind,
    title: shown,
    removedAt,
    goneAt: new Date(Date.parse(removedAt) + BIN_DAYS * DAY_MS).toISOString(),
  };
}
