import { z } from "zod";
import { moveToBin } from "@/server/bin/bin";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { definedOnly } from "@/server/database/changes";
import { unwrap } from "@/server/database/errors";
import { insertOnce } from "@/server/database/insert-once";
import { newestFirst, toPage } from "@/server/database/keyset";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { ReflectionRow } from "@/server/database/types";
import { FIELD_LIMITS } from "@/server/field-limits";
import { pageFields, text, textOrNone, uuid } from "@/server/input";
import { NOT_FOUND, orNotFound, unwrapFound } from "@/server/trpc/errors";
import { router, signedInProcedure } from "@/server/trpc/init";

export interface Reflection {
  id: string;
  /** The mood, in a word or two. */
  tone: string | null;
  content: string;
  /** Whether it is left out of every context until it is resumed. */
  paused: boolean;
  /** The dream that it is about. */
  dreamId: string | null;
  /** ISO-8601, UTC. */
  createdAt: string;
  updatedAt: string;
}

const COLUMNS = "id, tone, content, paused, dream_id, created_at, updated_at";
const byReflection = z.object({ reflectionId: uuid }).strict();
const tone = textOrNone("A tone", FIELD_LIMITS.reflectionTone).optional();
const content = text("A reflection", FIELD_LIMITS.reflection);
const dreamId = uuid.nullish();

export const reflectionsRouter = router({
  list: signedInProcedure
    .meta({ description: "Reflections, newest first; the cursor leads to older ones." })
    .input(z.object(pageFields).strict())
    .query(async ({ ctx, input }) => {
      const reflections = ctx.database().from("reflections").select(COLUMNS).eq("user_id", ctx.user.id);
      const query = newestFirst(reflections, "created_at", input);
      return toPage(unwrap(await query), input.limit, {
        toItem: toReflection,
        toKeyset: (row) => ({ at: row.created_at, id: row.id }),
      });
    }),

  create: signedInProcedure
    .meta({ description: "Writes a reflection. A client that makes the id itself may repeat the call." })
    .input(z.object({ id: uuid.optional(), tone, content, dreamId }).strict())
    .mutation(({ ctx, input }) => {
      const row = {
        id: input.id ?? crypto.randomUUID(),
        user_id: ctx.user.id,
        tone: input.tone ?? null,
        content: input.content,
        dream_id: input.dreamId ?? null,
      };
      const storing = ctx.cache.write(keysOutdatedBy("reflection", ctx.user.id), (deadline) => {
        const reflections = ctx.database().from("reflections");
        return insertOnce({
          insert: reflections.insert(row).select(COLUMNS).abortSignal(deadline).single(),
          find: () => reflections.select(COLUMNS).eq("id", row.id).abortSignal(deadline).maybeSingle(),
          isSame: (existing) => existing.content === row.content && existing.tone === row.tone,
        });
      });
      return orNotFound(storing, NOT_FOUND.dream).then(toReflection);
    }),

  update: signedInProcedure
    .meta({ description: "Changes a reflection. Fields that are left out stay; a tone or a dream of null removes it." })
    .input(
      byReflection
        .extend({ tone, content: content.optional(), dreamId })
        .refine(
          ({ reflectionId: _, ...fields }) => Object.keys(definedOnly(fields)).length > 0,
          "Nothing to change was given",
        ),
    )
    .mutation(({ ctx, input: { reflectionId, dreamId: dream, ...fields } }) =>
      ctx.cache.write(keysOutdatedBy("reflection", ctx.user.id), async (deadline) => {
        const reflections = ctx.database().from("reflections");
        const change = definedOnly({ ...fields, dream_id: dream });
        const query = reflections.update(change).eq("id", reflectionId).select(COLUMNS).abortSignal(deadline).single();
        const response = await query;
        // The reflection, or the dream that it refers to, does not exist.
        const missing = response.error?.code === "PGRST116" ? NOT_FOUND.reflection : NOT_FOUND.dream;
        return toReflection(unwrapFound(response, missing));
      }),
    ),

  setPaused: signedInProcedure
    .meta({ description: "Leaves a reflection out of every context, or puts it back. The reflection stays unchanged." })
    .input(byReflection.extend({ paused: z.boolean() }))
    .mutation(({ ctx, input }) =>
      ctx.cache.write(keysOutdatedBy("reflection", ctx.user.id), async (deadline) => {
        const reflections = ctx.database().from("reflections").update({ paused: input.paused });
        const query = reflections.eq("id", input.reflectionId).select(COLUMNS).abortSignal(deadline).single();
        return toReflection(unwrapFound(await query, NOT_FOUND.reflection));
      }),
    ),

  remove: signedInProcedure
    .meta({ description: "Moves a reflection into the bin." })
    .input(byReflection)
    .mutation(({ ctx, input }) => moveToBin(ctx, { kind: "reflection", id: input.reflectionId })),
});

function toReflection(row: Omit<ReflectionRow, "user_id">): Reflection {
  return {
    id: row.id,
    tone: row.tone,
    content: row.content,
    paused: row.paused,
    dreamId: row.dream_id,
    createdAt: toIsoTimestamp(row.created_at),
    updatedAt: toIsoTimestamp(row.updated_at),
  };
}
