import { z } from "zod";
import { entryKey } from "@/server/cache";
import { cached } from "@/server/context/cached";
import { clarifyContext } from "./clarify-context";
import { memberProcedure, router } from "./trpc";

/** Change `version` whenever the shape of the value changes: entries of another version are misses. */
const SUMMARY = { name: "goals:summary", policy: { ttlMs: 10 * 60_000, version: 1 } };

export const goalsRouter = router({
  /** Any query can be cached, under its own name and for as long as it likes. */
  summary: cached(memberProcedure, SUMMARY).query(async ({ ctx }) => {
    const goals = await ctx.store.goals(ctx.user.id);
    return { total: goals.length, newest: goals[0]?.title ?? null };
  }),

  /** A write goes through `cache.write` with every key that it outdates: no read that starts after it sees the past. */
  add: memberProcedure.input(z.object({ title: z.string().min(1).max(200) })).mutation(async ({ ctx, input }) => {
    const ofContext = await clarifyContext.keys(ctx, { sections: ["goals"] });
    const outdated = [...ofContext, entryKey(SUMMARY.name, ctx.user.id)];
    return ctx.cache.write(outdated, () => ctx.store.addGoal(ctx.user.id, input));
  }),
});
