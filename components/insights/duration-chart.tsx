import type { InsightsPoint, Quantiles } from "@/server/insights/report";
import type { DurationName } from "@/server/insights/targets";
import { durationAxis } from "./axes";
import { ChartCard } from "./chart-card";
import type { Series } from "./legend";
import { Legend } from "./legend";
import { Plot } from "./plot";
import { SeriesLine } from "./series-line";
import { TargetMark } from "./targets";
import { millisecondWords, timeWords } from "./words";

interface DurationChartProps {
  name: DurationName;
  title: string;
  points: readonly InsightsPoint[];
  stepMs: number;
  /** Over the whole time shown. */
  whole: Quantiles | null;
  /** The target of P95, in milliseconds, if there is one. */
  target?: number;
}

const SERIES = [
  { key: "p50", name: "P50", color: "var(--tone-sessions)" },
  { key: "p95", name: "P95", color: "var(--water)" },
  { key: "p99", name: "P99", color: "var(--tone-reflections)", dashed: true },
] as const satisfies Series[];

/** The percentiles 50, 95 and 99 of one duration over time, and its target. */
export function DurationChart({ name, title, points, stepMs, whole, target }: DurationChartProps) {
  const rows = points.map(({ at, durations }) => ({ at, values: { ...durations[name] } }));
  const counted = points.flatMap(({ at, durations }) => (durations[name] ? [{ at, ...durations[name] }] : []));
  const axis = durationAxis(
    counted.flatMap(({ p50, p99 }) => [p50, p99]),
    target,
  );
  return (
    <ChartCard
      title={title}
      summary={
        whole === null
          ? "Nothing was counted in this time."
          : `P50 ${millisecondWords(whole.p50)}, P95 ${millisecondWords(whole.p95)}, P99 ${millisecondWords(whole.p99)} over ${whole.count.toLocaleString("en")}`
      }
      mark={target !== undefined && whole !== null && <TargetMark observed={whole.count} met={whole.p95 < target} />}
      legend={
        <Legend
          series={[
            ...SERIES,
            ...(target === undefined
              ? []
              : [{ key: "target", name: `P95 target ${target} ms`, color: "var(--lamp)", dashed: true }]),
          ]}
        />
      }
      table={{
        columns: ["Time", "Count", "P50", "P95", "P99"],
        rows: counted.map(({ at, count, p50, p95, p99 }) => ({
          key: at,
          cells: [timeWords(at, stepMs), String(count), ...[p50, p95, p99].map(millisecondWords)],
        })),
      }}
    >
      <Plot {...{ rows, stepMs, axis, target }} series={SERIES} words={millisecondWords}>
        {(scales) =>
          SERIES.map((series) => (
            <SeriesLine
              key={series.key}
              {...{ series, rows, scales }}
              width={series.key === "p95" ? 2.5 : 1.5}
              dot={4}
            />
          ))
        }
      </Plot>
    </ChartCard>
  );
}
