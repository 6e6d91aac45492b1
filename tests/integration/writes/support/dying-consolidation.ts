import { z } from "zod";
import { createCache } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import { systemClock } from "@/server/clock";
import { createAnthropicExtractor } from "@/server/consolidation/anthropic-extractor";
import { consolidatePatterns } from "@/server/consolidation/consolidate";
import { createConsolidationStore } from "@/server/consolidation/consolidation-store";
import { openServiceDatabase } from "@/server/database/client";
import { createMetrics } from "@/server/metrics";
import { createLogger } from "@/server/telemetry/logger";
import { createTelemetry } from "@/server/telemetry/telemetry";

/** Where the process consolidates; as JSON in its first argument. */
export const consolidationTask = z.object({
  database: z.object({ url: z.string(), secretKey: z.string() }),
  modelUrl: z.string(),
});

// One run of the job, in a process that the test kills in the middle of it.
const { database, modelUrl } = consolidationTask.parse(JSON.parse(process.argv[2] ?? ""));
const background = { run: (_name: string, task: () => Promise<void>) => void task() };
await consolidatePatterns({
  store: createConsolidationStore(openServiceDatabase(database)),
  extractor: createAnthropicExtractor({ apiKey: "test", baseUrl: modelUrl, model: "claude-test" }),
  cache: createCache({ store: memory(), background }),
  clock: systemClock,
  logger: createLogger("silent"),
  metrics: createMetrics(createTelemetry({ metricReaders: [], spanProcessors: [] }).meter),
});
