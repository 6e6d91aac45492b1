import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { InsightsPoint, Quantiles } from "@/server/insights/report";
import type { DurationName } from "@/server/insights/targets";
import { GRID, logScale, MARGIN, onLogScale, timeAxis, VALUE_AXIS } from "./axes";
import { ChartCard } from "./chart-card";
import type { Series } from "./legend";
import { ChartTooltip, Legend } from "./legend";
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
  const rows = points.map(({ at, durations }) => ({ at, ...onAxis(durations[name]) }));
  const counted = points.flatMap(({ at, durations }) => (durations[name] ? [{ at, ...durations[name] }] : []));
  const scale = logScale(
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
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={rows} margin={MARGIN} accessibilityLayer={false}>
          <CartesianGrid {...GRID} />
          <XAxis {...timeAxis(points, stepMs)} />
          <YAxis
            {...VALUE_AXIS}
            scale="log"
            domain={scale.domain}
            ticks={scale.ticks}
            tickFormatter={tickWords}
            allowDataOverflow
          />
          {target !== undefined && (
            <ReferenceLine y={target} stroke="var(--lamp)" strokeWidth={1.5} strokeDasharray="6 4" />
          )}
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: "var(--edge)" }}
            content={<ChartTooltip series={SERIES} stepMs={stepMs} words={millisecondWords} />}
          />
          {SERIES.map(({ key, color, ...series }) => (
            <Line
              key={key}
              dataKey={key}
              stroke={color}
              strokeWidth={key === "p95" ? 2.5 : 1.5}
              {...("dashed" in series && { strokeDasharray: "4 3" })}
              dot={{ r: 1.5, strokeWidth: 0, fill: color }}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </ChartCard>
  );
}

function onAxis(quantiles: Quantiles | null) {
  if (quantiles === null) return { p50: null, p95: null, p99: null };
  const { p50, p95, p99 } = quantiles;
  return { p50: onLogScale(p50), p95: onLogScale(p95), p99: onLogScale(p99) };
}

function tickWords(ms: number): string {
  return ms < 1_000 ? `${ms}\u00a0ms` : `${ms / 1_000}\u00a0s`;
}
