import { z } from "zod";
import type { BinKind } from "@/server/bin/bin";
import { BIN_KINDS, BIN_WRITES } from "@/server/bin/bin";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { unwrap } from "@/server/database/errors";
import { FIELD_LIMITS } from "@/server/field-limits";
import { text, uuid } from "@/server/input";
import { tooManySearches } from "@/server/limits/limit-error";
import { router, signedInProcedure } from "@/server/trpc/init";
import { MOST_AT_ONCE, searchKnowledge } from "./search-knowledge";

export const knowledgeRouter = router({
  search: signedInProcedure
    .meta({
      description:
        "Patterns, dreams, reflections and conversations of the person that contain every word of a search, newest first, those in the bin included.",
    })
    .input(z.object({ search: text("A search", FIELD_LIMITS.search) }).strict())
    .query(({ ctx, input }) => {
      const waitMs = ctx.services.searches.take(ctx.user.id);
      if (waitMs > 0) throw tooManySearches(waitMs);
      return searchKnowledge(ctx.database(), input.search);
    }),

  forget: signedInProcedure
    .meta({
      description:
        "Deletes patterns, dreams, reflections and conversations for good, each given by `kind` and `id`, in one transaction, from the bin as well. Returns how many existed.",
    })
    .input(
      z
        .object({
          items: z
            .array(z.object({ kind: z.enum(BIN_KINDS), id: uuid }).strict())
            .min(1, "Nothing to forget was given")
            .max(MOST_AT_ONCE, `At most ${MOST_AT_ONCE} can be forgotten at once`),
        })
        .strict(),
    )
    .mutation(async ({ ctx, input: { items } }) => {
      const idsOf = (kind: BinKind) => items.filter((item) => item.kind === kind).map(({ id }) => id);
      const conversations = idsOf("conversation");
      // As in sessions.remove: a reply that is being written is stopped first.
      await Promise.all(
        conversations.map((sessionId) => ctx.services.replies.stop({ userId: ctx.user.id, sessionId })),
      );
      const kinds = new Set(items.map(({ kind }) => BIN_WRITES[kind]));
      const keys = new Set([...kinds].flatMap((kind) => keysOutdatedBy(kind, ctx.user.id)));
      return ctx.cache.write([...keys], async (deadline) => {
        const call = ctx.database().rpc("forget", {
          p_patterns: idsOf("pattern"),
          p_dreams: idsOf("dream"),
          p_reflections: idsOf("reflection"),
          p_sessions: conversations,
        });
        return { removed: unwrap(await call.abortSignal(deadline)) };
      });
    }),
});
