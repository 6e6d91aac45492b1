import type { ModelMetrics } from "@/server/model/metrics";
import type { PatternExtractor } from "./extractor";
import { ExtractionError } from "./extractor";

/** An extractor whose failures are counted. */
export function countExtractions(
  extractor: PatternExtractor,
  { modelFailures }: Pick<ModelMetrics, "modelFailures">,
): PatternExtractor {
  return {
    async extract(request) {
      try {
        return await extractor.extract(request);
      } catch (error) {
        const code = error instanceof ExtractionError ? error.code : "broken";
        modelFailures.add(1, { purpose: "consolidation", code });
        throw error;
      }
    },
  };
}
