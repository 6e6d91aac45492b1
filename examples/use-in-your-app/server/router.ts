import { chatRouter } from "./chat";
import { context } from "./context";
import { tasksRouter } from "./tasks";
import { router, signedInProcedure } from "./trpc";

export const appRouter = router({
  context: context.router,
  tasks: tasksRouter,
  chat: chatRouter,
  projects: signedInProcedure.query(({ ctx }) => ctx.store.projectsOf(ctx.user.id)),
});

export type AppRouter = typeof appRouter;
