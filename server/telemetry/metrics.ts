import type { BatchObservableCallback, Counter, Histogram, Meter } from "@opentelemetry/api";
import { ValueType } from "@opentelemetry/api";
import type { CacheHealth, ReadOutcome, StoreErrorCode, StoreOperation, WriteOperation } from "@/server/cache";
import type { SectionName } from "@/server/context/context";

// Every figure there is: its name, what it counts, the labels it may carry and, for durations, its buckets. Labels have
// few values each and never name a person or a session. The instruments, `/api/metrics`, OTLP and the insights page all
// come from this one table.

/** Bucket boundaries in milliseconds. The targets of each figure are boundaries, so that the share within is exact. */
export const BUCKETS = {
  /** One request to the cache: targets 10 and 20 ms, given up at 50. */
  cache: [0.25, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12.5, 15, 17.5, 20, 25, 30, 40, 50, 75, 100, 250, 500],
  /** A build and its queries: targets 80 and 100 ms; a load is given up after 2 s. */
  build: [
    0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 125, 150, 200, 300, 500, 1_000, 2_000,
    5_000,
  ],
  /** What a person waits for: from one round trip to the model's timeout. */
  reply: [
    10, 25, 50, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, 10_000,
    20_000, 30_000,
  ],
} as const;

interface Definition {
  kind: "histogram" | "counter" | "gauge";
  description: string;
  /** UCUM, as OpenTelemetry has it. */
  unit: string;
  labels: readonly string[];
  buckets?: readonly number[];
}

export const METRICS = {
  "clarify.context_build_ms": {
    kind: "histogram",
    description: "Building a context, from the first read to the assembled text",
    unit: "ms",
    labels: ["temperature"],
    buckets: BUCKETS.build,
  },
  "clarify.query_parallel_ms": {
    kind: "histogram",
    description: "How long a build that found something missing waited for the database, all sections at once",
    unit: "ms",
    labels: [],
    buckets: BUCKETS.build,
  },
  "clarify.cache_read_ms": {
    kind: "histogram",
    description: "What the cache took to answer one read",
    unit: "ms",
    labels: [],
    buckets: BUCKETS.cache,
  },
  "clarify.cache_write_ms": {
    kind: "histogram",
    description: "What the cache took to fill, fence, release or invalidate",
    unit: "ms",
    labels: ["operation"],
    buckets: BUCKETS.cache,
  },
  "clarify.cache_reads": {
    kind: "counter",
    description: "Reads through the cache, by section and by where the value came from",
    unit: "{read}",
    labels: ["section", "outcome"],
  },
  "clarify.section_load_ms": {
    kind: "histogram",
    description: "Loading one section from the database",
    unit: "ms",
    labels: ["section", "result"],
    buckets: BUCKETS.build,
  },
  "clarify.cache_failures": {
    kind: "counter",
    description: "Cache operations that did not happen; the requests they belonged to went on",
    unit: "{operation}",
    labels: ["operation", "code"],
  },
  "clarify.cache_incidents": {
    kind: "counter",
    description: "What the cache engine had to cope with otherwise",
    unit: "{incident}",
    labels: ["kind"],
  },
  "clarify.breaker_state": {
    kind: "gauge",
    description: "The breaker in front of the cache: 0 closed, 1 half-open, 2 open",
    unit: "1",
    labels: [],
  },
  "clarify.invalidations_waiting": {
    kind: "gauge",
    description: "Keys whose invalidation has not reached the cache yet",
    unit: "{key}",
    labels: [],
  },
  "clarify.redis_requests": {
    kind: "counter",
    description: "HTTP requests to Redis",
    unit: "{request}",
    labels: ["purpose"],
  },
  "clarify.redis_commands": {
    kind: "counter",
    description: "Redis commands, which is what Upstash charges for",
    unit: "{command}",
    labels: ["purpose"],
  },
  "clarify.pre_model_ms": {
    kind: "histogram",
    description: "From a message's arrival until the model is called",
    unit: "ms",
    labels: ["voice"],
    buckets: BUCKETS.reply,
  },
  "clarify.first_token_ms": {
    kind: "histogram",
    description: "From a message's arrival until the first word of its reply",
    unit: "ms",
    labels: ["voice"],
    buckets: BUCKETS.reply,
  },
  "clarify.replies": {
    kind: "counter",
    description: "Replies, by how they ended",
    unit: "{reply}",
    labels: ["voice", "outcome"],
  },
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
  "clarify.limiter_decisions": {
    kind: "counter",
    description: "What the message limiter said; the failed ones were let through",
    unit: "{message}",
    labels: ["decision"],
  },
  "clarify.webhook_events": {
    kind: "counter",
    description: "Calls of the database webhook",
    unit: "{event}",
    labels: ["outcome"],
  },
} as const satisfies Record<string, Definition>;

export type MetricName = keyof typeof METRICS;

/** `other`: what is cached beside the five sections. */
export type SectionLabel = SectionName | "other";
/** `missing`: neither the database nor the cache had anything. */
export type OutcomeLabel = ReadOutcome | "missing";
export type TokenKind = "input" | "output" | "cache_read" | "cache_write";
export type ModelPurpose = "reply" | "prewarm" | "consolidation";
export type RedisPurpose = "cache" | "limiter" | "insights";
export type VoiceLabel = "model" | "offline";
/** `unspoken`: it ended before its first word. */
export type ReplyOutcome = "complete" | "interrupted" | "failed" | "unspoken";
export type LimiterDecision = "admitted" | "refused" | "failed_timeout" | "failed_error";
export type WebhookOutcome = "accepted" | "malformed" | "unauthorized" | "too_large" | "not_configured" | "failed";
export type CacheIncident =
  | "load_failed"
  | "refresh_failed"
  | "fill_refused"
  | "corrupt"
  | "not_serialisable"
  | "invalidation_queued"
  | "invalidation_dropped"
  | "background_failed";

export type CacheReadLabels = { section: SectionLabel; outcome: OutcomeLabel };

/** What the code records with; one property per metric that is not a gauge. */
export interface Instruments {
  contextBuildMs: Histogram<{ temperature: "warm" | "cold" }>;
  queryParallelMs: Histogram;
  cacheReadMs: Histogram;
  cacheWriteMs: Histogram<{ operation: WriteOperation }>;
  cacheReads: Pick<Counter<CacheReadLabels>, "add">;
  sectionLoadMs: Histogram<{ section: SectionName; result: "loaded" | "failed" }>;
  cacheFailures: Counter<{ operation: StoreOperation; code: StoreErrorCode }>;
  cacheIncidents: Counter<{ kind: CacheIncident }>;
  redisRequests: Counter<{ purpose: RedisPurpose }>;
  redisCommands: Counter<{ purpose: RedisPurpose }>;
  preModelMs: Histogram<{ voice: VoiceLabel }>;
  firstTokenMs: Histogram<{ voice: VoiceLabel }>;
  replies: Counter<{ voice: VoiceLabel; outcome: ReplyOutcome }>;
  modelTokens: Counter<{ kind: TokenKind; purpose: ModelPurpose }>;
  modelFailures: Counter<{ purpose: ModelPurpose; code: string }>;
  limiterDecisions: Counter<{ decision: LimiterDecision }>;
  webhookEvents: Counter<{ outcome: WebhookOutcome }>;
  /** Reports this cache's breaker and its waiting invalidations whenever the figures are read. */
  observeCache(health: () => CacheHealth): void;
}

export const BREAKER_STATES = { closed: 0, "half-open": 1, open: 2 } as const;

/** The instruments over a meter; made once per meter. */
export function createInstruments(meter: Meter): Instruments {
  const histogram = (name: MetricName): Histogram => {
    const { description, unit, buckets }: Definition = METRICS[name];
    return meter.createHistogram(name, {
      description,
      unit,
      advice: { explicitBucketBoundaries: [...(buckets ?? [])] },
    });
  };
  const counter = (name: MetricName): Counter => {
    const { description, unit } = METRICS[name];
    return meter.createCounter(name, { description, unit, valueType: ValueType.INT });
  };
  const gauge = (name: MetricName) => {
    const { description, unit } = METRICS[name];
    return meter.createObservableGauge(name, { description, unit, valueType: ValueType.INT });
  };
  const breaker = gauge("clarify.breaker_state");
  const waiting = gauge("clarify.invalidations_waiting");
  return {
    contextBuildMs: histogram("clarify.context_build_ms"),
    queryParallelMs: histogram("clarify.query_parallel_ms"),
    cacheReadMs: histogram("clarify.cache_read_ms"),
    cacheWriteMs: histogram("clarify.cache_write_ms"),
    cacheReads: tally(meter, "clarify.cache_reads"),
    sectionLoadMs: histogram("clarify.section_load_ms"),
    cacheFailures: counter("clarify.cache_failures"),
    cacheIncidents: counter("clarify.cache_incidents"),
    redisRequests: counter("clarify.redis_requests"),
    redisCommands: counter("clarify.redis_commands"),
    preModelMs: histogram("clarify.pre_model_ms"),
    firstTokenMs: histogram("clarify.first_token_ms"),
    replies: counter("clarify.replies"),
    modelTokens: counter("clarify.model_tokens"),
    modelFailures: counter("clarify.model_failures"),
    limiterDecisions: counter("clarify.limiter_decisions"),
    webhookEvents: counter("clarify.webhook_events"),
    observeCache(health) {
      const report: BatchObservableCallback = (result) => {
        const { breaker: state, waitingInvalidations } = health();
        result.observe(breaker, BREAKER_STATES[state]);
        result.observe(waiting, waitingInvalidations);
      };
      meter.addBatchObservableCallback(report, [breaker, waiting]);
    },
  };
}

/**
 * A counter that is counted here and only read by the meter: five reads of every build go through it, and a meter's own
 * counter costs more than the rest of the bookkeeping together.
 */
function tally(meter: Meter, name: MetricName): Instruments["cacheReads"] {
  const counts = new Map<string, { labels: CacheReadLabels; value: number }>();
  const { description, unit } = METRICS[name];
  meter.createObservableCounter(name, { description, unit, valueType: ValueType.INT }).addCallback((result) => {
    for (const { labels, value } of counts.values()) result.observe(value, { ...labels });
  });
  return {
    add(value, labels: CacheReadLabels) {
      const key = `${labels.section} ${labels.outcome}`;
      const known = counts.get(key);
      if (known) known.value += value;
      else counts.set(key, { labels, value });
    },
  };
}
