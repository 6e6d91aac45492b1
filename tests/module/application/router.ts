// Sections, a query that is cached by itself, and a write, with parsers of zod 4 and of zod 3.
import { initTRPC } from "@trpc/server";
import type { Cache } from "clarify-context/cache";
import { entryKey } from "clarify-context/cache";
import { cached, createContextRouter, defineSection, quote } from "clarify-context/trpc";
import { z } from "zod";
import { z as zod3 } from "zod3";

interface Context {
  cache: Cache;
  user: { id: string };
}

const t = initTRPC.context<Context>().create();
const policy = { ttlMs: 60_000, version: 1 };
export const rows = [{ id: "t1", title: "Paint the hull", dueOn: new Date(86_400_000) }];

const member = defineSection({
  name: "member",
  heading: "Who they are",
  empty: "Nothing is known.",
  policy: { ttlMs: 600_000, version: 1 },
  load: async ({ user }: { user: { id: string } }) => ({ id: user.id, fullName: `Ms ${user.id}` }),
  items: ({ id, fullName }) => [{ id, label: fullName, text: quote(fullName) }],
});

const tasks = defineSection({
  name: "tasks",
  heading: "Tasks",
  empty: "None is open.",
  policy,
  input: z.object({ projectId: z.string().min(1) }),
  itemsInput: zod3.object({ taskId: zod3.string().optional() }),
  load: async () => rows,
  items: (all, { taskId }) =>
    all
      .filter(({ id }) => id !== taskId)
      .map(({ id, title, dueOn }) => ({
        id,
        label: title,
        text: `${quote(title)}, by ${dueOn.toISOString().slice(0, 10)}`,
      })),
});

export const context = createContextRouter({ procedure: t.procedure, sections: [member, tasks], budget: 1_000 });

export const appRouter = t.router({
  context: context.router,
  count: cached(t.procedure, { name: "count", policy }).query(() => ({ tasks: rows.length })),
  add: t.procedure
    .input(zod3.object({ projectId: zod3.string(), title: zod3.string() }))
    .mutation(async ({ ctx, input: { projectId, title } }) => {
      const ofContext = await context.keys(ctx, { projectId, sections: ["tasks"] });
      await ctx.cache.write([...ofContext, entryKey("count", ctx.user.id)], async () => {
        rows.push({ id: `t${rows.length + 1}`, title, dueOn: new Date(0) });
      });
    }),
});

export type AppRouter = typeof appRouter;
export const createCaller = t.createCallerFactory(appRouter);

// @ts-expect-error the name is taken
createContextRouter({ procedure: t.procedure, sections: [member, member], budget: 1 });
// @ts-expect-error there is no such section
export const unknown = (ctx: Context) => context.keys(ctx, { projectId: "p1", sections: ["goals"] });
