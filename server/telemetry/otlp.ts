import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import type { Sampler } from "@opentelemetry/sdk-trace";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import type { TelemetryOptions } from "./telemetry";

/** The OpenTelemetry variables that are read here. */
interface OtlpSettings {
  OTEL_SDK_DISABLED: "true" | "false";
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT?: string | undefined;
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
  OTEL_METRICS_EXPORTER: "otlp" | "none";
  OTEL_TRACES_EXPORTER: "otlp" | "none";
  /** Milliseconds. */
  OTEL_METRIC_EXPORT_INTERVAL: number;
  OTEL_TRACES_SAMPLER:
    | "always_on"
    | "always_off"
    | "traceidratio"
    | "parentbased_always_on"
    | "parentbased_always_off"
    | "parentbased_traceidratio";
  /** 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: number;
}

/**
 * Exporters of metrics and spans, configured by OpenTelemetry's own variables; none without an endpoint. Over HTTP, as
 * JSON. The exporters read the variables for headers, timeouts, compression and certificates themselves.
 */
export function otlpExport(env: OtlpSettings): TelemetryOptions {
  const metricsUrl = env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT ?? signalUrl(env, "v1/metrics");
  const tracesUrl = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? signalUrl(env, "v1/traces");
  const sends = (exporter: "otlp" | "none") => exporter === "otlp" && env.OTEL_SDK_DISABLED !== "true";
  return {
    metricReaders:
      metricsUrl !== undefined && sends(env.OTEL_METRICS_EXPORTER)
        ? [
            new PeriodicExportingMetricReader({
              exporter: new OTLPMetricExporter({ url: metricsUrl }),
              exportIntervalMillis: env.OTEL_METRIC_EXPORT_INTERVAL,
            }),
          ]
        : [],
    spanProcessors:
      tracesUrl !== undefined && sends(env.OTEL_TRACES_EXPORTER)
        ? [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: tracesUrl }) })]
        : [],
    sampler: samplerOf(env.OTEL_TRACES_SAMPLER, env.OTEL_TRACES_SAMPLER_ARG),
  };
}

function signalUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: OtlpSettings, path: string): string | undefined {
  return endpoint && `${endpoint.replace(/\/$/, "")}/${path}`;
}

function samplerOf(name: OtlpSettings["OTEL_TRACES_SAMPLER"], ratio: number): Sampler {
  switch (name) {
    case "always_on":
      return new AlwaysOnSampler();
    case "always_off":
      return new AlwaysOffSampler();
    case "traceidratio":
      return new TraceIdRatioBasedSampler(ratio);
    case "parentbased_always_on":
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case "parentbased_always_off":
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case "parentbased_traceidratio":
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}
