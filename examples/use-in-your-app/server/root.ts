import { clarifyContext } from "./clarify-context";
import { goalsRouter } from "./goals";
import { router } from "./trpc";

export const appRouter = router({ clarifyContext: clarifyContext.router, goals: goalsRouter });

export type AppRouter = typeof appRouter;
