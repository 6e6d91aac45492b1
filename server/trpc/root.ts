import { accountRouter } from "@/server/routers/account";
import { clarifyContextRouter } from "@/server/routers/clarify-context";
import { dreamsRouter } from "@/server/routers/dreams";
import { insightsRouter } from "@/server/routers/insights";
import { messagesRouter } from "@/server/routers/messages";
import { patternsRouter } from "@/server/routers/patterns";
import { reflectionsRouter } from "@/server/routers/reflections";
import { sessionsRouter } from "@/server/routers/sessions";
import { createCallerFactory, router } from "./init";

export const appRouter = router({
  account: accountRouter,
  clarifyContext: clarifyContextRouter,
  dreams: dreamsRouter,
  insights: insightsRouter,
  messages: messagesRouter,
  patterns: patternsRouter,
  reflections: reflectionsRouter,
  sessions: sessionsRouter,
});

export type AppRouter = typeof appRouter;

/** Calls the router in process: server components and tests. */
export const createCaller = createCallerFactory(appRouter);
