import { unwrap } from "@/server/database/errors";
import { router, signedInProcedure } from "@/server/trpc/init";

export const accountRouter = router({
  /** The signed-in person. */
  get: signedInProcedure.query(async ({ ctx }) => {
    const { id, email } = ctx.user;
    const row = unwrap(await ctx.database().from("users").select("name, tier").eq("id", id).single());
    return { id, email, name: row.name, tier: row.tier, isDemo: email === ctx.services.demoEmail };
  }),
});
