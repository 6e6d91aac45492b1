import { initTRPC, TRPCError } from "@trpc/server";
import type { Cache } from "clarify-context/cache";
import superjson from "superjson";
import { z } from "zod";
import type { Store } from "./store";

/** The context of a request. `cache`, and `user` once somebody is signed in, are what the context router asks for. */
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

/** For those who work on a project. It stands before the cache, so nobody else is answered from there either. */
export const projectProcedure = signedInProcedure
  .input(z.object({ projectId: z.string().max(40) }))
  .use(async ({ ctx, input, next }) => {
    const project = await ctx.store.project(input.projectId);
    if (!project?.memberIds.includes(ctx.user.id)) throw new TRPCError({ code: "NOT_FOUND" });
    return next({ ctx: { project } });
  });
