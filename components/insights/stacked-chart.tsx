import { stack } from "d3-shape";
import type { InsightsPoint } from "@/server/insights/report";
import { countAxis } from "./axes";
import { ChartCard } from "./chart-card";
import type { Series } from "./legend";
import { Legend } from "./legend";
import { Plot } from "./plot";
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

/** Between the bars, in pixels. */
const GAP_PX = 1;

/** Counts over time as stacked bars. */
export function StackedChart({ title, summary, series, points, stepMs, partsOf }: StackedChartProps) {
  const rows = points.map((point) => ({ at: point.at, values: partsOf(point) }));
  const counted = rows.filter(({ values }) => Object.values(values).some((part) => part > 0));
  const layers = stack<undefined, (typeof rows)[number], string>()
    .keys(series.map(({ key }) => key))
    .value(({ values }, key) => values[key] ?? 0)(rows);
  const axis = countAxis(layers.flat().map(([, top]) => top));
  return (
    <ChartCard
      title={title}
      summary={summary}
      legend={<Legend series={series} />}
      table={{
        columns: ["Time", ...series.map(({ name }) => name)],
        rows: counted.map(({ at, values }) => ({
          key: at,
          cells: [timeWords(at, stepMs), ...series.map(({ key }) => countWords(values[key] ?? 0))],
        })),
      }}
    >
      <Plot {...{ rows, stepMs, series, axis }} words={countWords} banded>
        {({ x, y }) => {
          const width = Math.max(1, x(stepMs) - x(0) - GAP_PX);
          return layers.map((layer, index) => (
            <path
              key={layer.key}
              fill={series[index]?.color}
              d={layer
                .filter(([bottom, top]) => top > bottom)
                .map(
                  ({ 0: bottom, 1: top, data: { at } }) =>
                    `M${x(at) - width / 2},${y(bottom)}h${width}V${y(top)}h${-width}z`,
                )
                .join("")}
            />
          ));
        }}
      </Plot>
    </ChartCard>
  );
}
