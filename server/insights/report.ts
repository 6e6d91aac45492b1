import { HIT_OUTCOMES } from "@/server/cache";
import type { OutcomeLabel } from "@/server/clarify/metrics";
import type { SectionName } from "@/server/clarify/sections";
import { SECTION_NAMES } from "@/server/clarify/sections";
import type { MetricName } from "@/server/metrics";
import type { TokenKind } from "@/server/model/metrics";
import type { RedisPurpose } from "@/server/redis";
import type { Labels, MetricsSnapshot } from "@/server/telemetry/snapshot";
import { distribution, quantile, total, totalsBy } from "@/server/telemetry/snapshot";
import type { Figures } from "./figures";
import { acrossTime, toSnapshot } from "./figures";
import { estimatePeople } from "./people";
import type { Prices } from "./prices";
import { SLOT_MS, slotAt } from "./slots";
import type { DurationName } from "./targets";
import { DURATION_NAMES, DURATIONS, HIT_RATE_TARGET, P95_TARGETS_MS } from "./targets";

/** The length of each range and of each point of its charts, in milliseconds. */
export const RANGES = {
  "15m": { spanMs: 15 * 60_000, stepMs: SLOT_MS },
  "1h": { spanMs: 3_600_000, stepMs: 2 * SLOT_MS },
  "6h": { spanMs: 6 * 3_600_000, stepMs: 10 * SLOT_MS },
  "24h": { spanMs: 24 * 3_600_000, stepMs: 30 * SLOT_MS },
} as const;

export type Range = keyof typeof RANGES;
export const RANGE_NAMES = ["15m", "1h", "6h", "24h"] as const satisfies Range[];

/** The range that a URL names; 15 minutes if it names none. */
export function readRange(text: unknown): Range {
  return RANGE_NAMES.find((name) => name === text) ?? "15m";
}

const OUTCOMES = [
  "near",
  "fresh",
  "aging",
  "joined",
  "loaded",
  "fallback",
  "missing",
] as const satisfies OutcomeLabel[];
const TOKEN_KINDS = ["cache_read", "cache_write", "input", "output"] as const satisfies TokenKind[];
const REDIS_PURPOSES = ["cache", "limiter", "insights", "replies", "sessions"] as const satisfies RedisPurpose[];

/** Percentiles in milliseconds. */
export interface Quantiles {
  count: number;
  p50: number;
  p95: number;
  p99: number;
}

/** The figures of one interval. Shares are 0 to 1, and null when nothing was counted. */
export interface InsightsPoint {
  /** When the interval begins, in milliseconds since the epoch. */
  at: number;
  durations: Record<DurationName, Quantiles | null>;
  /** Of the reads of all five sections. */
  hitRate: number | null;
  hitRates: Record<SectionName, number | null>;
  builds: number;
  /** Sections that were loaded from the database. */
  loads: number;
  replies: number;
  tokens: Record<TokenKind, number>;
  /** The share of the model's input that came from its own prompt cache. */
  cachedShare: number | null;
  /** 0 closed, 1 half-open, 2 open: the worst state in any process. */
  breaker: number;
  /** Failed invalidations that wait for a retry. */
  waiting: number;
}

/** The figures of the whole range, and those that exist only for the whole range. */
export interface InsightsSummary extends InsightsPoint {
  sources: Record<SectionName, Record<OutcomeLabel, number>>;
  redisCommands: Record<RedisPurpose, number>;
  /** How many of the messages found every section of their context in the cache. */
  warmMessages: { warm: number; all: number };
  /** Builds that found every section in the cache, and builds that did not. */
  buildMs: { warm: Quantiles | null; cold: Quantiles | null };
  /**
   * Replies by how they ended, and failed calls of the model by code. The most frequent come first; a count of 0 is
   * left out.
   */
  repliesBy: Tally[];
  modelFailures: Tally[];
  /** Calls of the model that were refused because the person had reached a limit. */
  refused: { perMinute: number; perDay: number };
  /** Cache reads that were compared with the database, and how many of them were outdated. */
  checks: { compared: number; inconsistent: number };
  processStarts: number;
  /** How many people sent a message, estimated within about 1 %. */
  activePeople: number;
  cost: Cost | null;
}

export interface Tally {
  value: string;
  total: number;
}

/**
 * When a run of any process last succeeded and last failed, in milliseconds since the epoch; null if this process knows of
 * none.
 */
export interface LastRuns {
  succeededAt: number | null;
  failedAt: number | null;
}

/** US dollars per 1,000 messages, in total and by part. */
export interface Cost {
  total: number;
  redis: number;
  tokens: Record<TokenKind, number>;
  /** The use of 1,000 messages. */
  redisCommands: number;
  modelTokens: number;
}

export interface InsightsReport {
  range: Range;
  /** When it was made, in milliseconds since the epoch. */
  at: number;
  stepMs: number;
  store: { kind: "redis" | "memory"; reachable: boolean };
  consolidation: LastRuns;
  prices: Prices;
  targets: { p95Ms: typeof P95_TARGETS_MS; hitRate: number };
  points: InsightsPoint[];
  summary: InsightsSummary;
}

/** The slots of a report over this range: whole steps, of which the last is still being filled. */
export function slotsOf(range: Range, nowMs: number): { first: number; last: number } {
  const { spanMs, stepMs } = RANGES[range];
  const lastStepAt = Math.floor(nowMs / stepMs) * stepMs;
  return { first: slotAt(lastStepAt - spanMs + stepMs), last: slotAt(lastStepAt + stepMs - 1) };
}

export interface ReportInput {
  range: Range;
  nowMs: number;
  slots: ReadonlyMap<number, Figures>;
  store: InsightsReport["store"];
  consolidation: LastRuns;
  prices: Prices;
}

/** Builds the report from the slots. */
export function buildReport({ range, nowMs, slots, store, consolidation, prices }: ReportInput): InsightsReport {
  const { stepMs } = RANGES[range];
  const { first, last } = slotsOf(range, nowMs);
  const slotsPerStep = stepMs / SLOT_MS;
  const points: InsightsPoint[] = [];
  for (let begin = first; begin <= last; begin += slotsPerStep) {
    points.push(describe(begin * SLOT_MS, toSnapshot(acrossTime(between(slots, begin, begin + slotsPerStep - 1)))));
  }
  const figures = acrossTime(between(slots, first, last));
  const whole = toSnapshot(figures);
  return {
    range,
    at: nowMs,
    stepMs,
    store,
    consolidation,
    prices,
    targets: { p95Ms: P95_TARGETS_MS, hitRate: HIT_RATE_TARGET },
    points,
    summary: {
      ...describe(first * SLOT_MS, whole),
      ...describeWhole(whole, prices),
      activePeople: estimatePeople(figures.people),
    },
  };
}

function* between(slots: ReadonlyMap<number, Figures>, first: number, last: number): Generator<Figures> {
  for (let slot = first; slot <= last; slot += 1) {
    const figures = slots.get(slot);
    if (figures !== undefined) yield figures;
  }
}

function describe(at: number, snapshot: MetricsSnapshot): InsightsPoint {
  const tokens = byName(TOKEN_KINDS, (kind) => total(snapshot, "clarify.model_tokens", { kind }));
  const input = tokens.input + tokens.cache_read + tokens.cache_write;
  return {
    at,
    durations: byName(DURATION_NAMES, (name) => quantilesOf(snapshot, DURATIONS[name])),
    hitRate: hitRateOf(snapshot, SECTION_NAMES),
    hitRates: byName(SECTION_NAMES, (section) => hitRateOf(snapshot, [section])),
    builds: distribution(snapshot, "clarify.context_build_ms")?.count ?? 0,
    loads: distribution(snapshot, "clarify.section_load_ms")?.count ?? 0,
    replies: total(snapshot, "clarify.replies"),
    tokens,
    cachedShare: input > 0 ? tokens.cache_read / input : null,
    breaker: total(snapshot, "clarify.breaker_state"),
    waiting: total(snapshot, "clarify.invalidations_waiting"),
  };
}

function describeWhole(
  snapshot: MetricsSnapshot,
  prices: Prices,
): Omit<InsightsSummary, keyof InsightsPoint | "activePeople"> {
  return {
    warmMessages: {
      warm: distribution(snapshot, "clarify.pre_model_ms", { temperature: "warm" })?.count ?? 0,
      all: distribution(snapshot, "clarify.pre_model_ms")?.count ?? 0,
    },
    buildMs: byName(["warm", "cold"], (temperature) =>
      quantilesOf(snapshot, "clarify.context_build_ms", { temperature }),
    ),
    repliesBy: totalsBy(snapshot, "clarify.replies", "outcome"),
    modelFailures: totalsBy(snapshot, "clarify.model_failures", "code"),
    sources: byName(SECTION_NAMES, (section) =>
      byName(OUTCOMES, (outcome) => total(snapshot, "clarify.cache_reads", { section, outcome })),
    ),
    redisCommands: byName(REDIS_PURPOSES, (purpose) => total(snapshot, "clarify.redis_commands", { purpose })),
    refused: {
      perMinute: total(snapshot, "clarify.limiter_decisions", { decision: "refused" }),
      perDay: total(snapshot, "clarify.budget_decisions", { decision: "refused" }),
    },
    checks: {
      compared: total(snapshot, "clarify.cache_checks"),
      inconsistent: total(snapshot, "clarify.cache_inconsistencies"),
    },
    processStarts: total(snapshot, "clarify.process_starts"),
    cost: costOf(snapshot, prices),
  };
}

function quantilesOf(snapshot: MetricsSnapshot, metric: MetricName, labels: Labels = {}): Quantiles | null {
  const recorded = distribution(snapshot, metric, labels);
  if (recorded === undefined) return null;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(recorded, share));
  if (p50 === undefined || p95 === undefined || p99 === undefined) return null;
  return { count: recorded.count, p50, p95, p99 };
}

/** The share of these sections' reads that were hits. Cached values outside the sections have no target. */
function hitRateOf(snapshot: MetricsSnapshot, sections: readonly SectionName[]): number | null {
  const reads = readsOf(snapshot, sections, OUTCOMES);
  return reads === 0 ? null : readsOf(snapshot, sections, HIT_OUTCOMES) / reads;
}

function readsOf(
  snapshot: MetricsSnapshot,
  sections: readonly SectionName[],
  outcomes: readonly OutcomeLabel[],
): number {
  return sections
    .flatMap((section) => outcomes.map((outcome) => total(snapshot, "clarify.cache_reads", { section, outcome })))
    .reduce((sum, reads) => sum + reads, 0);
}

/** Null when there were no messages. */
function costOf(snapshot: MetricsSnapshot, prices: Prices): Cost | null {
  const messages = total(snapshot, "clarify.replies");
  if (messages === 0) return null;
  const perThousand = (count: number) => (count / messages) * 1_000;
  const redisCommands = perThousand(total(snapshot, "clarify.redis_commands"));
  const modelTokens = byName(TOKEN_KINDS, (kind) => perThousand(total(snapshot, "clarify.model_tokens", { kind })));
  const redis = (redisCommands / 100_000) * prices.redis;
  const tokens = byName(TOKEN_KINDS, (kind) => (modelTokens[kind] / 1_000_000) * prices[kind]);
  const sum = (parts: Record<TokenKind, number>) => TOKEN_KINDS.reduce((amount, kind) => amount + parts[kind], 0);
  return { total: redis + sum(tokens), redis, tokens, redisCommands, modelTokens: sum(modelTokens) };
}

function byName<Name extends string, Value>(names: readonly Name[], of: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, Value>;
}
