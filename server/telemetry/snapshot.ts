import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { DataPointType } from "@opentelemetry/sdk-metrics";

export type Labels = Readonly<Record<string, string>>;

/** Durations in buckets: `counts[i]` counts those up to `boundaries[i]`, the last count those above. Not cumulative. */
export interface Distribution {
  boundaries: readonly number[];
  counts: readonly number[];
  count: number;
  sum: number;
}

export interface CounterPoint {
  labels: Labels;
  value: number;
}

export interface DistributionPoint extends Distribution {
  labels: Labels;
}

/**
 * All metrics of this process since its start, as plain data that can be stored, subtracted and added. `/api/metrics`,
 * the insights page and OTLP use the same counts.
 */
export interface MetricsSnapshot {
  /** Counters and gauges. */
  values: Record<string, CounterPoint[]>;
  distributions: Record<string, DistributionPoint[]>;
}

/** The metrics of a collection as plain data. Other meters than the one with this name are left out. */
export function toSnapshot({ scopeMetrics }: ResourceMetrics, meterName: string): MetricsSnapshot {
  const snapshot: MetricsSnapshot = { values: {}, distributions: {} };
  for (const metric of scopeMetrics.flatMap(({ scope, metrics }) => (scope.name === meterName ? metrics : []))) {
    const { name } = metric.descriptor;
    if (metric.dataPointType === DataPointType.HISTOGRAM) {
      snapshot.distributions[name] = metric.dataPoints.map(({ attributes, value }) => ({
        labels: toLabels(attributes),
        boundaries: value.buckets.boundaries,
        counts: value.buckets.counts,
        count: value.count,
        sum: value.sum ?? 0,
      }));
    } else if (metric.dataPointType !== DataPointType.EXPONENTIAL_HISTOGRAM) {
      snapshot.values[name] = metric.dataPoints.map(({ attributes, value }) => ({
        labels: toLabels(attributes),
        value,
      }));
    }
  }
  return snapshot;
}

function toLabels(attributes: Record<string, unknown>): Labels {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]));
}

/** The sum of a counter over all series with these labels; 0 when nothing was counted. */
export function total(snapshot: MetricsSnapshot, name: string, labels: Labels = {}): number {
  const points = snapshot.values[name] ?? [];
  return points.filter((point) => matches(point.labels, labels)).reduce((sum, { value }) => sum + value, 0);
}

/** The sums of a counter by the values of one label, the largest first. */
export function totalsBy(snapshot: MetricsSnapshot, name: string, label: string): { value: string; total: number }[] {
  const values = new Set((snapshot.values[name] ?? []).map(({ labels }) => labels[label] ?? ""));
  return [...values]
    .map((value) => ({ value, total: total(snapshot, name, { [label]: value }) }))
    .sort((one, other) => other.total - one.total || one.value.localeCompare(other.value));
}

/** One distribution over all series with these labels; undefined when nothing was recorded. */
export function distribution(snapshot: MetricsSnapshot, name: string, labels: Labels = {}): Distribution | undefined {
  const points = (snapshot.distributions[name] ?? []).filter((point) => matches(point.labels, labels));
  return mergeDistributions(points);
}

/** The sum of distributions with the same boundaries; undefined for none. */
export function mergeDistributions(parts: readonly Distribution[]): Distribution | undefined {
  const [first, ...others] = parts;
  if (first === undefined) return undefined;
  return others.reduce<Distribution>(
    (merged, { counts, count, sum }) => ({
      boundaries: merged.boundaries,
      counts: merged.counts.map((value, bucket) => value + (counts[bucket] ?? 0)),
      count: merged.count + count,
      sum: merged.sum + sum,
    }),
    { boundaries: first.boundaries, counts: first.counts, count: first.count, sum: first.sum },
  );
}

/**
 * The value below which a share (0 to 1) of the recorded values lies, by linear interpolation within its bucket, as
 * Prometheus's `histogram_quantile` does it: exact to the width of a bucket. Above the last boundary it is that
 * boundary. Undefined when nothing was recorded.
 */
export function quantile({ boundaries, counts, count }: Distribution, share: number): number | undefined {
  if (count === 0) return undefined;
  const rank = share * count;
  let below = 0;
  for (const [bucket, inBucket] of counts.entries()) {
    const upper = boundaries[bucket];
    if (upper === undefined) break;
    if (inBucket > 0 && below + inBucket >= rank) {
      const lower = bucket === 0 ? 0 : (boundaries[bucket - 1] ?? 0);
      return lower + (upper - lower) * ((rank - below) / inBucket);
    }
    below += inBucket;
  }
  return boundaries.at(-1);
}

function matches(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
