import { z } from "zod";
import { operatorProcedure, router } from "@/server/trpc/init";
import { RANGE_NAMES } from "./report";

export const insightsRouter = router({
  get: operatorProcedure
    .meta({ description: "The figures of all processes over the last minutes or hours, up to this moment." })
    .input(z.object({ range: z.enum(RANGE_NAMES) }).strict())
    .query(({ ctx, input }) => ctx.services.insights.report(input.range)),
});
