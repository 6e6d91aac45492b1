import { accountRouter } from "@/server/routers/account";
import { clarifyContextRouter } from "@/server/routers/clarify-context";
import { messagesRouter } from "@/server/routers/messages";
import { sessionsRouter } from "@/server/routers/sessions";
import { createCallerFactory, router } from "./init";

export const appRouter = router({
  account: accountRouter,
  clarifyContext: clarifyContextRouter,
  messages: messagesRouter,
  sessions: sessionsRouter,
});

export type AppRouter = typeof appRouter;

/** Calls the router in process: server components and tests. */
export const createCaller = createCallerFactory(appRouter);
