import type { Meter } from "@opentelemetry/api";
import type { MetricDefinitions } from "@/server/telemetry/instruments";
import { instrumentsOf } from "@/server/telemetry/instruments";
import type { TokenUsage } from "./token-usage";

/** Every call of the language model, by any feature. */
export const MODEL_METRICS = {
  "clarify.model_tokens": {
    kind: "counter",
    description: "The model's tokens as its provider charges for them",
    unit: "{token}",
    labels: ["kind", "purpose"],
  },
  "clarify.model_failures": {
    kind: "counter",
    description: "Calls to the model that failed",
    unit: "{call}",
    labels: ["purpose", "code"],
  },
} as const satisfies MetricDefinitions;

export type TokenKind = "input" | "output" | "cache_read" | "cache_write";
export type ModelPurpose = "reply" | "prewarm" | "summary" | "title" | "consolidation";
export type ModelMetrics = ReturnType<typeof createModelMetrics>;

export function createModelMetrics(meter: Meter) {
  const { counter } = instrumentsOf(meter, MODEL_METRICS);
  return {
    modelTokens: counter<{ kind: TokenKind; purpose: ModelPurpose }>("clarify.model_tokens"),
    modelFailures: counter<{ purpose: ModelPurpose; code: string }>("clarify.model_failures"),
  };
}

/** Adds the tokens of one call of the model. */
export function countTokens(
  { modelTokens }: Pick<ModelMetrics, "modelTokens">,
  purpose: ModelPurpose,
  { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: TokenUsage,
): void {
  modelTokens.add(inputTokens, { kind: "input", purpose });
  modelTokens.add(outputTokens, { kind: "output", purpose });
  modelTokens.add(cacheReadTokens, { kind: "cache_read", purpose });
  modelTokens.add(cacheWriteTokens, { kind: "cache_write", purpose });
}
