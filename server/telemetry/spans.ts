import type { Attributes } from "@opentelemetry/api";
import { SpanStatusCode } from "@opentelemetry/api";
import type { Telemetry } from "./telemetry";

/**
 * Runs a task inside a span. Only the name of an error is recorded, because its message can quote what a person wrote.
 */
export function inSpan<T>(
  { tracer, tracing }: Pick<Telemetry, "tracer" | "tracing">,
  name: string,
  attributes: Attributes,
  run: () => Promise<T>,
): Promise<T> {
  if (!tracing) return run();
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await run();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "unknown" });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span of this duration that ended at this time (milliseconds since the epoch). */
export function spanThatTook(
  { tracer, tracing }: Pick<Telemetry, "tracer" | "tracing">,
  name: string,
  attributes: Attributes,
  { ms, endedAt }: { ms: number; endedAt: number },
): void {
  if (tracing) tracer.startSpan(name, { attributes, startTime: endedAt - ms }).end(endedAt);
}
