import { accountRouter } from "@/server/account/router";
import { binRouter } from "@/server/bin/router";
import { clarifyContext } from "@/server/clarify/router";
import { messagesRouter } from "@/server/conversation/router";
import { dreamsRouter } from "@/server/dreams/router";
import { insightsRouter } from "@/server/insights/router";
import { knowledgeRouter } from "@/server/knowledge/router";
import { lookBackRouter } from "@/server/look-back/router";
import { patternsRouter } from "@/server/patterns/router";
import { receiptsRouter } from "@/server/receipts/router";
import { reflectionsRouter } from "@/server/reflections/router";
import { sessionsRouter } from "@/server/sessions/router";
import { createCallerFactory, router } from "@/server/trpc/init";

export const appRouter = router({
  account: accountRouter,
  bin: binRouter,
  clarifyContext: clarifyContext.router,
  dreams: dreamsRouter,
  insights: insightsRouter,
  knowledge: knowledgeRouter,
  lookBack: lookBackRouter,
  messages: messagesRouter,
  patterns: patternsRouter,
  receipts: receiptsRouter,
  reflections: reflectionsRouter,
  sessions: sessionsRouter,
});

export type AppRouter = typeof appRouter;

/** Calls the router in process: server components and tests. */
export const createCaller = createCallerFactory(appRouter);
