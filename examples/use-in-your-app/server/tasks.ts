import { entryKey } from "clarify-context/cache";
import { cached } from "clarify-context/trpc";
import { z } from "zod";
import { context } from "./context";
import { projectProcedure, router, signedInProcedure } from "./trpc";

const WORKLOAD = { name: "tasks.workload", policy: { ttlMs: 60_000, version: 1 } };

export const tasksRouter = router({
  /** Any query can be cached for each person, with one line. */
  workload: cached(signedInProcedure, WORKLOAD).query(async ({ ctx }) => {
    const projects = await ctx.store.projectsOf(ctx.user.id);
    const tasks = await Promise.all(projects.map(({ id }) => ctx.store.tasks(id)));
    return { projects: projects.length, tasks: tasks.flat().length };
  }),

  /** A write names what it outdates. No read that begins after it, by anybody, returns an earlier value. */
  add: projectProcedure
    .input(z.object({ title: z.string().trim().min(1).max(200) }))
    .mutation(async ({ ctx, input: { projectId, title } }) => {
      const ofContext = await context.keys(ctx, { projectId, sections: ["tasks"] });
      const workloads = ctx.project.memberIds.map((memberId) => entryKey(WORKLOAD.name, memberId));
      return ctx.cache.write([...ofContext, ...workloads], () => ctx.store.addTask(projectId, { title }));
    }),
});
