import { z } from "zod";
import { moveToBin } from "@/server/bin/bin";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { definedOnly } from "@/server/database/changes";
import { unwrap } from "@/server/database/errors";
import { newestFirst, toPage } from "@/server/database/keyset";
import type { Database } from "@/server/database/types";
import { pageFields, uuid } from "@/server/input";
import type { SignedInContext } from "@/server/trpc/context";
import { NOT_FOUND, orNotFound, unwrapFound } from "@/server/trpc/errors";
import { router, signedInProcedure } from "@/server/trpc/init";
import { createDream } from "./create-dream";
import { DREAM_COLUMNS, DREAM_STATUSES, dreamFields, newDreamSchema, toDream } from "./dream";

const byDream = z.object({ dreamId: uuid }).strict();
const { title, description, category, targetDate } = dreamFields;

export const dreamsRouter = router({
  list: signedInProcedure
    .meta({ description: "Dreams, newest updated first, of one status or of all; the cursor leads to older ones." })
    .input(z.object({ status: z.enum(DREAM_STATUSES).optional(), ...pageFields }).strict())
    .query(async ({ ctx, input }) => {
      const { status } = input;
      const dreams = ctx.database().from("dreams").select(DREAM_COLUMNS).eq("user_id", ctx.user.id);
      const query = newestFirst(status === undefined ? dreams : dreams.eq("status", status), "updated_at", input);
      return toPage(unwrap(await query), input.limit, {
        toItem: toDream,
        toKeyset: (row) => ({ at: row.updated_at, id: row.id }),
      });
    }),

  create: signedInProcedure
    .meta({ description: "Creates a dream. A client that makes the id itself may repeat the call." })
    .input(newDreamSchema)
    .mutation(({ ctx, input }) => orNotFound(createDream(ctx, input), NOT_FOUND.session)),

  update: signedInProcedure
    .meta({ description: "Changes a dream. Fields that are left out stay; null empties a field." })
    .input(
      byDream
        .extend({
          title: title.optional(),
          description: description.optional(),
          category: category.optional(),
          targetDate: targetDate.optional(),
        })
        .refine(
          ({ dreamId: _, ...fields }) => Object.keys(definedOnly(fields)).length > 0,
          "Nothing to change was given",
        ),
    )
    .mutation(({ ctx, input: { dreamId, targetDate: day, ...fields } }) =>
      update(ctx, dreamId, definedOnly({ ...fields, target_date: day })),
    ),

  setStatus: signedInProcedure
    .meta({ description: "Marks a dream as achieved or released, or makes it active again." })
    .input(byDream.extend({ status: z.enum(DREAM_STATUSES) }))
    .mutation(({ ctx, input }) => update(ctx, input.dreamId, { status: input.status })),

  setPaused: signedInProcedure
    .meta({ description: "Leaves a dream out of every context, or puts it back. The dream stays unchanged." })
    .input(byDream.extend({ paused: z.boolean() }))
    .mutation(({ ctx, input }) => update(ctx, input.dreamId, { paused: input.paused })),

  remove: signedInProcedure
    .meta({ description: "Moves a dream into the bin; conversations and reflections about it stay." })
    .input(byDream)
    .mutation(({ ctx, input }) => moveToBin(ctx, { kind: "dream", id: input.dreamId })),
});

function update(ctx: SignedInContext, dreamId: string, change: Database["public"]["Tables"]["dreams"]["Update"]) {
  return ctx.cache.write(keysOutdatedBy("dream", ctx.user.id), async (deadline) => {
    const dreams = ctx.database().from("dreams");
    const query = dreams.update(change).eq("id", dreamId).select(DREAM_COLUMNS).abortSignal(deadline).single();
    return toDream(unwrapFound(await query, NOT_FOUND.dream));
  });
}
