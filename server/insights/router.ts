import { z } from "zod";
import { operatorProcedure, router } from "@/server/trpc/init";
import type { Insights } from "./insights";
import { RANGE_NAMES } from "./report";

declare module "@/server/trpc/context" {
  interface Services {
    insights: Insights;
  }
}

export const insightsRouter = router({
  get: operatorProcedure
    .meta({ description: "The figures of all processes over the last minutes or hours, up to this moment." })
    .input(z.object({ range: z.enum(RANGE_NAMES) }).strict())
    .query(({ ctx, input }) => ctx.services.insights.report(input.range)),
});
