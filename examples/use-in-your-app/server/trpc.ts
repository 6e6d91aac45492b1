import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import type { Cache } from "@/server/cache";
import type { CachedContext } from "@/server/context/cached";
import type { PracticeStore } from "./practice-store";

/** This app's own request context. `cache`, and `user` once signed in, are what `cached` asks for. */
export interface AppContext {
  cache: Cache;
  user: { id: string } | null;
  store: PracticeStore;
  onCacheRead?: CachedContext["onCacheRead"];
}

const t = initTRPC.context<AppContext>().create({ transformer: superjson });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

export const memberProcedure = t.procedure.use(({ ctx, next }) => {
  if (ctx.user === null) throw new TRPCError({ code: "UNAUTHORIZED" });
  return next({ ctx: { user: ctx.user } });
});
