import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Env } from "@/server/env";
import { readEnv } from "@/server/env";
import { createMetrics } from "@/server/metrics";
import { otlpExport } from "@/server/telemetry/otlp";
import { createTelemetry } from "@/server/telemetry/telemetry";
import type { OtlpReceiver } from "@/tests/support/otlp-receiver";
import { startOtlpReceiver } from "@/tests/support/otlp-receiver";

let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await startOtlpReceiver();
});
afterEach(() => receiver.close());

function settings(more: Record<string, string> = {}): Env {
  const required = { SUPABASE_URL: "http://127.0.0.1:54321", SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x" };
  return readEnv({ ...required, ...more });
}

describe("the OTLP export", () => {
  it("sends metrics and spans to the endpoint, and the rest when the process ends", async () => {
    const telemetry = createTelemetry(otlpExport(settings({ OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/` })));
    const metrics = createMetrics(telemetry.meter);
    metrics.contextBuildMs.record(70, { temperature: "cold" });
    metrics.contextBuildMs.record(6, { temperature: "warm" });
    metrics.cacheReads.add(4, { section: "dreams", outcome: "fresh" });
    telemetry.tracer.startSpan("context build", { attributes: { section: "dreams" } }).end();
    await telemetry.shutdown();

    expect(receiver.refused).toEqual([]);
    expect(receiver.resource()).toMatchObject({ "service.name": "clarify-context" });
    const builds = receiver.metrics().get("clarify.context_build_ms");
    expect(builds?.unit).toBe("ms");
    expect(builds?.histogram?.dataPoints.map(({ attributes, count, sum }) => [attributes, count, sum])).toEqual([
      [{ temperature: "cold" }, 1, 70],
      [{ temperature: "warm" }, 1, 6],
    ]);
    const [cold] = builds?.histogram?.dataPoints ?? [];
    expect(cold?.explicitBounds[cold.bucketCounts.indexOf(1)]).toBe(70);
    expect(receiver.metrics().get("clarify.cache_reads")?.sum).toMatchObject({
      isMonotonic: true,
      dataPoints: [{ attributes: { section: "dreams", outcome: "fresh" }, asInt: 4 }],
    });
    expect(receiver.spans()).toMatchObject([{ name: "context build", scope: "clarify" }]);
  });

  it("sends repeatedly, and the metrics can be read here at the same time", async () => {
    const env = settings({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRIC_EXPORT_INTERVAL: "100" });
    const telemetry = createTelemetry(otlpExport(env));
    const metrics = createMetrics(telemetry.meter);
    const sent = () => receiver.metrics().get("clarify.replies")?.sum?.dataPoints[0]?.asInt;
    metrics.replies.add(2, { voice: "model", outcome: "complete" });
    await receiver.until(() => sent() === 2);
    metrics.replies.add(1, { voice: "model", outcome: "complete" });
    await receiver.until(() => sent() === 3);
    expect(await telemetry.prometheus()).toContain('clarify_replies_total{voice="model",outcome="complete"} 3');
    await telemetry.shutdown();
  });

  it("uses the separate endpoints of metrics and traces if they are given", async () => {
    const env = settings({
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${receiver.url}/v1/metrics`,
      OTEL_TRACES_EXPORTER: "none",
    });
    const telemetry = createTelemetry(otlpExport(env));
    expect(telemetry.tracing).toBe(false);
    const metrics = createMetrics(telemetry.meter);
    metrics.replies.add(1, { voice: "offline", outcome: "complete" });
    await telemetry.shutdown();
    expect([...receiver.metrics().keys()]).toContain("clarify.replies");
  });

  it.each<[string, Record<string, string>]>([
    ["no endpoint", {}],
    ["the SDK disabled", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_SDK_DISABLED: "true" }],
    [
      "both exporters off",
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
        OTEL_METRICS_EXPORTER: "none",
        OTEL_TRACES_EXPORTER: "none",
      },
    ],
  ])("sends nothing with %s", (_what, more) => {
    expect(otlpExport(settings(more))).toMatchObject({ metricReaders: [], spanProcessors: [] });
  });

  it.each([
    ["always_off", "1", 0],
    ["always_on", "0", 50],
    ["traceidratio", "0", 0],
    ["parentbased_traceidratio", "1", 50],
  ])("samples traces as %s of %s", async (sampler, ratio, expected) => {
    const env = settings({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER: sampler,
      OTEL_TRACES_SAMPLER_ARG: ratio,
    });
    const telemetry = createTelemetry(otlpExport(env));
    for (let n = 0; n < 50; n += 1) telemetry.tracer.startSpan("x").end();
    await telemetry.shutdown();
    expect(receiver.spans()).toHaveLength(expected);
  });

  it("removes queries and exceptions from the spans of libraries", async () => {
    const telemetry = createTelemetry(otlpExport(settings({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })));
    const span = telemetry.tracer.startSpan("fetch GET http://db/rest/v1/dreams?title=secret-words");
    span.setAttribute("http.target", "/api/trpc/dreams.list?input=secret-words");
    span.setAttribute("http.url", "http://app/?secret-words");
    span.setAttribute("url.query", "secret-words");
    span.recordException(new Error("secret-words"));
    span.setStatus({ code: 2, message: "secret-words in here" });
    span.end();
    await telemetry.shutdown();
    expect(receiver.spans()).toMatchObject([
      { name: "fetch GET http://db/rest/v1/dreams", attributes: { "http.target": "/api/trpc/dreams.list" } },
    ]);
    expect(receiver.raw()).not.toContain("secret-words");
  });
});
