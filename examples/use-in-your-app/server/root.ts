import { clarifyContextRouter } from "./clarify-context";
import { goalsRouter } from "./goals";
import { router } from "./trpc";

export const appRouter = router({ clarifyContext: clarifyContextRouter, goals: goalsRouter });

export type AppRouter = typeof appRouter;
