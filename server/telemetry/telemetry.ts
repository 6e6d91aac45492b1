import type { Meter, Tracer } from "@opentelemetry/api";
import { context, createNoopMeter, metrics, ProxyTracerProvider, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import type { IMetricReader, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import type { Sampler, SpanProcessor } from "@opentelemetry/sdk-trace";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { ATTR_SERVICE_NAME } from "@opentelemetry/semantic-conventions";
import { ScrubSpans } from "./scrub-spans";
import type { MetricsSnapshot } from "./snapshot";
import { toSnapshot } from "./snapshot";

/** What services record with. */
export interface Telemetry {
  /** Creates the instruments of each feature. */
  meter: Meter;
  /** Creates spans, at almost no cost while nobody receives them. */
  tracer: Tracer;
  /** Whether anybody receives spans. */
  tracing: boolean;
}

export interface TelemetryOptions {
  /** Exporters that read the metrics in addition to `snapshot` and `prometheus`. */
  metricReaders: IMetricReader[];
  /** Receivers of spans. Without one there are no spans. */
  spanProcessors: SpanProcessor[];
  sampler?: Sampler;
}

/** A process's telemetry: instruments to record with, and all ways to read them. */
export interface ProcessTelemetry extends Telemetry {
  /** All metrics since the process started. */
  snapshot(): Promise<MetricsSnapshot>;
  /** The same metrics in Prometheus's text format. */
  prometheus(): Promise<string>;
  /**
   * Makes this the telemetry of everything in the process that uses OpenTelemetry's global API: Next.js and libraries.
   */
  register(): void;
  /** Sends what has not been sent, and stops. */
  shutdown(): Promise<void>;
}

export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const SCOPE = "clarify";
const DRAIN_EVERY_MS = 60_000;

export function createTelemetry({ metricReaders, spanProcessors, sampler }: TelemetryOptions): ProcessTelemetry {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: "clarify-context" }))
    .merge(detectResources({ detectors: [envDetector] }));
  const reader = new OnDemandReader();
  const meterProvider = new MeterProvider({ resource, readers: [reader, ...metricReaders] });
  const tracerProvider =
    spanProcessors.length > 0
      ? new TracerProvider({
          resource,
          spanProcessors: [new ScrubSpans(), ...spanProcessors],
          ...(sampler && { sampler }),
        })
      : null;
  // The SDK keeps what other readers have collected until this reader reads, so it has to read regularly.
  const draining = metricReaders.length > 0 ? setInterval(() => void reader.read(), DRAIN_EVERY_MS) : undefined;
  draining?.unref();
  // No scope labels: there is only one scope.
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);

  return {
    meter: meterProvider.getMeter(SCOPE),
    tracer: (tracerProvider ?? new ProxyTracerProvider()).getTracer(SCOPE),
    tracing: tracerProvider !== null,
    snapshot: async () => toSnapshot(await reader.read(), SCOPE),
    prometheus: async () => serializer.serialize(await reader.read()),
    register() {
      metrics.setGlobalMeterProvider(meterProvider);
      if (tracerProvider === null) return;
      trace.setGlobalTracerProvider(tracerProvider);
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
      propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    },
    async shutdown() {
      clearInterval(draining);
      await Promise.all([meterProvider.shutdown(), tracerProvider?.shutdown()]);
    },
  };
}

/** Telemetry that discards everything. */
export function createNoTelemetry(): Telemetry {
  return {
    meter: createNoopMeter(),
    tracer: new ProxyTracerProvider().getTracer(SCOPE),
    tracing: false,
  };
}

/** Reads cumulative metrics on demand. */
class OnDemandReader extends MetricReader {
  async read(): Promise<ResourceMetrics> {
    const { resourceMetrics } = await this.collect();
    return resourceMetrics;
  }

  protected async onShutdown(): Promise<void> {}

  protected async onForceFlush(): Promise<void> {}
}
