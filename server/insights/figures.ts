import { BREAKER_STATES } from "@/server/clarify/metrics";
import type { MetricName } from "@/server/metrics";
import { METRICS } from "@/server/metrics";
import type { CounterPoint, DistributionPoint, Labels, MetricsSnapshot } from "@/server/telemetry/snapshot";
import { total } from "@/server/telemetry/snapshot";

/** The count of each bucket, by its index; empty buckets are left out. */
interface SparseDistribution {
  count: number;
  sum: number;
  buckets: Record<string, number>;
}

/**
 * The figures of one process in one slot, or the sum of several processes or slots. Only changed figures are in it, so
 * an idle minute takes almost no room. Series are named by metric and labels, as in
 * `clarify.cache_reads?outcome=fresh&section=user`.
 */
export interface Figures {
  counters: Record<string, number>;
  distributions: Record<string, SparseDistribution>;
  /** The worst state of the breaker in this time, as a number of `BREAKER_STATES`. */
  breaker: number;
  /** Waiting invalidations: the maximum of one process over time, or the sum over processes. */
  waiting: number;
  /** The buckets of the people who were active (see people.ts), without duplicates. */
  people: number[];
}

export function noFigures(): Figures {
  return { counters: {}, distributions: {}, breaker: BREAKER_STATES.closed, waiting: 0, people: [] };
}

/** Whether nothing was counted and nothing is wrong. */
export function isEmpty({ counters, distributions, breaker, waiting, people }: Figures): boolean {
  const counted = Object.keys(counters).length + Object.keys(distributions).length + people.length;
  return counted === 0 && breaker === BREAKER_STATES.closed && waiting === 0;
}

/** The difference between two snapshots of one process; without an earlier one, everything since its start. */
export function figuresBetween(earlier: MetricsSnapshot | undefined, later: MetricsSnapshot): Figures {
  const figures = noFigures();
  for (const { name, labels, value } of counterSeries(later)) {
    const before = earlier?.values[name]?.find((point) => sameLabels(point.labels, labels))?.value ?? 0;
    if (value > before) figures.counters[seriesKey(name, labels)] = value - before;
  }
  for (const { name, labels, counts, count, sum } of distributionSeries(later)) {
    const before = earlier?.distributions[name]?.find((point) => sameLabels(point.labels, labels));
    if (count === (before?.count ?? 0)) continue;
    const buckets = counts
      .map((inBucket, index): [string, number] => [String(index), inBucket - (before?.counts[index] ?? 0)])
      .filter(([, hits]) => hits > 0);
    figures.distributions[seriesKey(name, labels)] = {
      count: count - (before?.count ?? 0),
      sum: sum - (before?.sum ?? 0),
      buckets: Object.fromEntries(buckets),
    };
  }
  figures.breaker = total(later, "clarify.breaker_state");
  figures.waiting = total(later, "clarify.invalidations_waiting");
  return figures;
}

/** The sum of several processes in the same time. */
export function acrossProcesses(parts: Iterable<Figures>): Figures {
  return addUp(parts, (left, right) => left + right);
}

/** The sum of several periods. */
export function acrossTime(parts: Iterable<Figures>): Figures {
  return addUp(parts, Math.max);
}

function addUp(parts: Iterable<Figures>, combineWaiting: (left: number, right: number) => number): Figures {
  const sum = noFigures();
  const active = new Set<number>();
  for (const { counters, distributions, breaker, waiting, people } of parts) {
    for (const bucket of people) active.add(bucket);
    for (const [key, value] of Object.entries(counters)) sum.counters[key] = (sum.counters[key] ?? 0) + value;
    for (const [key, part] of Object.entries(distributions)) {
      const into = sum.distributions[key] ?? { count: 0, sum: 0, buckets: {} };
      sum.distributions[key] = into;
      into.count += part.count;
      into.sum += part.sum;
      for (const [index, hits] of Object.entries(part.buckets)) into.buckets[index] = (into.buckets[index] ?? 0) + hits;
    }
    sum.breaker = Math.max(sum.breaker, breaker);
    sum.waiting = combineWaiting(sum.waiting, waiting);
  }
  sum.people = [...active];
  return sum;
}

/** The figures as a snapshot of metrics. Series of metrics that no longer exist are left out. */
export function toSnapshot({ counters, distributions, breaker, waiting }: Figures): MetricsSnapshot {
  const snapshot: MetricsSnapshot = {
    values: {
      "clarify.breaker_state": [{ labels: {}, value: breaker }],
      "clarify.invalidations_waiting": [{ labels: {}, value: waiting }],
    },
    distributions: {},
  };
  for (const [key, value] of Object.entries(counters)) {
    const series = parseSeries(key);
    if (series === undefined) continue;
    const points = snapshot.values[series.name] ?? [];
    snapshot.values[series.name] = points;
    points.push({ labels: series.labels, value });
  }
  for (const [key, { count, sum, buckets }] of Object.entries(distributions)) {
    const series = parseSeries(key);
    if (series === undefined) continue;
    const boundaries = bucketsOf(series.name);
    const counts = Array.from({ length: boundaries.length + 1 }, (_, index) => buckets[index] ?? 0);
    const points = snapshot.distributions[series.name] ?? [];
    snapshot.distributions[series.name] = points;
    points.push({ labels: series.labels, boundaries, counts, count, sum });
  }
  return snapshot;
}

/** The boundaries of a metric's buckets. */
function bucketsOf(name: MetricName): readonly number[] {
  const definition = METRICS[name];
  return "buckets" in definition ? definition.buckets : [];
}

function* counterSeries({ values }: MetricsSnapshot): Generator<CounterPoint & { name: MetricName }> {
  for (const name of metricNames) {
    if (METRICS[name].kind === "counter") for (const point of values[name] ?? []) yield { name, ...point };
  }
}

function* distributionSeries({ distributions }: MetricsSnapshot): Generator<DistributionPoint & { name: MetricName }> {
  for (const name of metricNames) for (const point of distributions[name] ?? []) yield { name, ...point };
}

const metricNames = Object.keys(METRICS) as MetricName[];

function seriesKey(name: MetricName, labels: Labels): string {
  const query = new URLSearchParams(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)));
  return query.size === 0 ? name : `${name}?${query}`;
}

function parseSeries(key: string): { name: MetricName; labels: Labels } | undefined {
  const [name = "", query = ""] = key.split("?");
  return isMetricName(name) ? { name, labels: Object.fromEntries(new URLSearchParams(query)) } : undefined;
}

function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

function sameLabels(left: Labels, right: Labels): boolean {
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => left[key] === right[key]);
}
