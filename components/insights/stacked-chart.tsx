import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { InsightsPoint } from "@/server/insights/report";
import { GRID, MARGIN, timeAxis, VALUE_AXIS } from "./axes";
import { ChartCard } from "./chart-card";
import type { Series } from "./legend";
import { ChartTooltip, Legend } from "./legend";
import { countWords, timeWords } from "./words";

interface StackedChartProps {
  title: string;
  summary: string;
  series: readonly Series[];
  points: readonly InsightsPoint[];
  stepMs: number;
  /** The height of each part at one point, by the key of its series. */
  partsOf: (point: InsightsPoint) => Record<string, number>;
}

/** Counts over time as stacked bars. */
export function StackedChart({ title, summary, series, points, stepMs, partsOf }: StackedChartProps) {
  const rows = points.map((point) => ({ at: point.at, ...partsOf(point) }));
  const counted = points
    .map((point) => ({ at: point.at, parts: partsOf(point) }))
    .filter(({ parts }) => Object.values(parts).some((part) => part > 0));
  return (
    <ChartCard
      title={title}
      summary={summary}
      legend={<Legend series={series} />}
      table={{
        columns: ["Time", ...series.map(({ name }) => name)],
        rows: counted.map(({ at, parts }) => ({
          key: at,
          cells: [timeWords(at, stepMs), ...series.map(({ key }) => countWords(parts[key] ?? 0))],
        })),
      }}
    >
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={rows} margin={MARGIN} accessibilityLayer={false} barCategoryGap={1}>
          <CartesianGrid {...GRID} />
          <XAxis {...timeAxis(points, stepMs)} padding={{ left: 6, right: 6 }} />
          <YAxis {...VALUE_AXIS} allowDecimals={false} tickFormatter={tickWords} />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: "var(--shade)" }}
            content={<ChartTooltip series={series} stepMs={stepMs} words={countWords} />}
          />
          {series.map(({ key, color }) => (
            <Bar key={key} dataKey={key} stackId="whole" fill={color} isAnimationActive={false} />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </ChartCard>
  );
}

function tickWords(count: number): string {
  return count.toLocaleString("en", { notation: "compact" });
}
