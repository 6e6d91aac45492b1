import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";

// OTLP over HTTP as JSON, as opentelemetry-proto defines it: 64-bit numbers may come as text.

const long = z.union([z.string().regex(/^-?\d+$/), z.number().int()]).transform(Number);
const nanoseconds = z.string().regex(/^\d+$/).transform(BigInt);
const value = z
  .object({ stringValue: z.string(), intValue: long, boolValue: z.boolean(), doubleValue: z.number() })
  .partial()
  .passthrough()
  .transform(({ stringValue, intValue, boolValue, doubleValue }) =>
    String(stringValue ?? intValue ?? boolValue ?? doubleValue ?? ""),
  );
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .transform((pairs) => Object.fromEntries(pairs.map((pair) => [pair.key, pair.value])));
const resource = z.object({ attributes });

const numberPoint = z.object({ attributes, asInt: long.optional(), asDouble: z.number().optional() });
const histogramPoint = z.object({
  attributes,
  count: long,
  sum: z.number(),
  bucketCounts: z.array(long),
  explicitBounds: z.array(z.number()),
});
const metric = z.object({
  name: z.string(),
  unit: z.string(),
  gauge: z.object({ dataPoints: z.array(numberPoint) }).optional(),
  sum: z.object({ dataPoints: z.array(numberPoint), isMonotonic: z.boolean() }).optional(),
  histogram: z.object({ dataPoints: z.array(histogramPoint) }).optional(),
});
const metricsRequest = z.object({
  resourceMetrics: z.array(z.object({ resource, scopeMetrics: z.array(z.object({ metrics: z.array(metric) })) })),
});

const span = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes,
  status: z.object({ code: z.number(), message: z.string().optional() }),
});
const tracesRequest = z.object({
  resourceSpans: z.array(
    z.object({
      resource,
      scopeSpans: z.array(z.object({ scope: z.object({ name: z.string() }), spans: z.array(span) })),
    }),
  ),
});

export type ReceivedMetric = z.output<typeof metric>;
export type ReceivedSpan = z.output<typeof span> & { scope: string };

export interface OtlpReceiver {
  url: string;
  /** The metrics of the last export, by name. */
  metrics(): Map<string, ReceivedMetric>;
  spans(): ReceivedSpan[];
  /** The resource attributes of the last sender. */
  resource(): Record<string, string>;
  /** The headers of the last export. */
  headers(): Record<string, string | string[] | undefined>;
  /** Everything that was received, unchanged. */
  raw(): string;
  /** Bodies that were not OTLP. */
  refused: string[];
  /** Resolves when enough has arrived. */
  until(enough: (receiver: OtlpReceiver) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** An endpoint like a collector's: accepts metrics and traces, and refuses everything that is not OTLP. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  let metrics = new Map<string, ReceivedMetric>();
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  let sender: Record<string, string> = {};
  let headers: Record<string, string | string[] | undefined> = {};
  const waiting = new Set<() => void>();

  function take(path: string | undefined, body: unknown): void {
    if (path === "/v1/metrics") {
      const { resourceMetrics } = metricsRequest.parse(body);
      const all = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
      metrics = new Map(all.map((each) => [each.name, each]));
      sender = resourceMetrics[0]?.resource.attributes ?? {};
    } else if (path === "/v1/traces") {
      for (const { scopeSpans } of tracesRequest.parse(body).resourceSpans) {
        for (const { scope, spans: sent } of scopeSpans) {
          spans.push(...sent.map((each) => ({ ...each, scope: scope.name })));
        }
      }
    } else {
      throw new Error(`Nothing is taken at ${path}`);
    }
  }

  const server = createServer(async (request, response) => {
    const body = await text(request);
    bodies.push(body);
    headers = request.headers;
    try {
      if (request.headers["content-type"] !== "application/json") throw new Error("Not JSON");
      take(request.url, JSON.parse(body));
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    } catch (error) {
      receiver.refused.push(String(error));
      response.writeHead(400).end();
    }
    for (const check of waiting) check();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The receiver has no port");

  const receiver: OtlpReceiver = {
    url: `http://127.0.0.1:${address.port}`,
    metrics: () => metrics,
    spans: () => spans,
    resource: () => sender,
    headers: () => headers,
    raw: () => bodies.join("\n"),
    refused: [],
    until: (enough) =>
      new Promise((resolve) => {
        const check = () => {
          if (!enough(receiver)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
