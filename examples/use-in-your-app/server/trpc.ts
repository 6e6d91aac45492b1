import { initTRPC, TRPCError } from "@trpc/server";
import type { Cache } from "clarify-context/cache";
import superjson from "superjson";
import { z } from "zod";
import type { Store } from "./store";

/** The context of a request. The context router needs `cache`, and `user` once somebody is signed in. */
export interface RequestContext {
  cache: Cache;
  store: Store;
  user: { id: string } | null;
}

const t = initTRPC.context<RequestContext>().create({ transformer: superjson });

export const router = t.router;

export const signedInProcedure = t.procedure.use(({ ctx, next }) => {
  if (ctx.user === null) throw new TRPCError({ code: "UNAUTHORIZED" });
  return next({ ctx: { user: ctx.user } });
});

/** For the members of a project. It comes before the cache, so nobody else gets a cached answer either. */
export const projectProcedure = signedInProcedure
  .input(z.object({ projectId: z.string().max(40) }))
  .use(async ({ ctx, input, next }) => {
    const project = await ctx.store.project(input.projectId);
    if (!project?.memberIds.includes(ctx.user.id)) throw new TRPCError({ code: "NOT_FOUND" });
    return next({ ctx: { project } });
  });
