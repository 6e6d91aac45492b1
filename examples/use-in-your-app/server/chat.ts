import { z } from "zod";
import { context } from "./context";
import { reply } from "./model";
import { projectProcedure, router } from "./trpc";

export const chatRouter = router({
  /**
   * Answers a message, one piece at a time. The context is built in process: without a request, and without a query
   * when it is warm.
   */
  ask: projectProcedure.input(z.object({ message: z.string().trim().min(1).max(2_000) })).mutation(async function* ({
    ctx,
    input: { projectId, message },
  }) {
    const { text, sections } = await context.build(ctx, { projectId }, { budget: 1_000 });
    yield { sources: sections.map(({ name, source }) => ({ name, source })) };
    for await (const delta of reply({ system: text, message })) yield { delta };
  }),
});
