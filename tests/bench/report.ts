import { cpus } from "node:os";

/** One figure of one subject. Timings carry percentiles, single figures a value. */
export type Row = { suite: string; subject: string; metric: string; n: number } & (
  | { p50: number; p95: number; max: number }
  | { value: number }
);

export interface Report {
  node: string;
  databaseMs: number;
  redisMs: number;
  rows: Row[];
}

/** The percentiles of some durations in milliseconds. */
export function timings(durations: readonly number[]): { n: number; p50: number; p95: number; max: number } {
  const sorted = [...durations].sort((left, right) => left - right);
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

export function round(value: number): number {
  return Number(value.toPrecision(4));
}

export function printReport({ node, databaseMs, redisMs, rows }: Report): void {
  const cpu = cpus()[0]?.model ?? "unknown processor";
  console.log(
    `\nNode ${node} on ${cpus().length} × ${cpu}; database ${databaseMs} ms, Redis ${redisMs} ms per request`,
  );
  for (const suite of new Set(rows.map((row) => row.suite))) {
    console.log(`\n${suite}`);
    console.table(
      rows
        .filter((row) => row.suite === suite)
        .map(({ suite: _suite, ...row }) => row)
        .sort((left, right) => left.metric.localeCompare(right.metric)),
    );
  }
}
