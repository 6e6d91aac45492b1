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

/** What the services record with. */
export interface Telemetry {
  /** Makes the instruments of each feature. */
  meter: Meter;
  /** Makes spans that cost next to nothing while nobody receives them. */
  tracer: Tracer;
  /** Whether anybody receives spans. */
  tracing: boolean;
}

export interface TelemetryOptions {
  /** Who else reads the metrics, beside `snapshot` and `prometheus`: an exporter. */
  metricReaders: IMetricReader[];
  /** Where spans go; without one there are none. */
  spanProcessors: SpanProcessor[];
  sampler?: Sampler;
}

/** A process's telemetry: what it records with, and every way to read it. */
export interface ProcessTelemetry extends Telemetry {
  /** All figures since the process started. */
  snapshot(): Promise<MetricsSnapshot>;
  /** The same figures in Prometheus's text format. */
  prometheus(): Promise<string>;
  /** Makes this the telemetry of everything in the process that asks OpenTelemetry's global API: Next.js, libraries. */
  register(): void;
  /** Sends what was not sent yet, and stops. */
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
  // The SDK keeps what other readers have collected until our reader asks for it, so it has to ask now and then.
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

/** Reads cumulative figures whenever it is asked. */
class OnDemandReader extends MetricReader {
  async read(): Promise<ResourceMetrics> {
    const { resourceMetrics } = await this.collect();
    return resourceMetrics;
  }

  protected async onShutdown(): Promise<void> {}

  protected async onForceFlush(): Promise<void> {}
}
