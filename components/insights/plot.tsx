import { scaleLinear } from "d3-scale";
import type { ReactNode } from "react";
import { useSize } from "@/components/ui/use-size";
import type { ValueAxis } from "./axes";
import { timeTicks } from "./axes";
import { Cursor } from "./cursor";
import type { Series } from "./legend";
import { timeWords } from "./words";

/** The space around what is drawn, for the words of the axes. In pixels. */
const MARGIN = { top: 8, right: 12, bottom: 24, left: 52 };

/** What the series have at one time. Where nothing was counted, a value is null or missing. */
export interface Row {
  /** In milliseconds since the epoch. */
  at: number;
  values: Readonly<Record<string, number | null>>;
}

/** Where a time and a value stand within the plot, in pixels. */
export interface Scales {
  x: (at: number) => number;
  y: (value: number) => number;
}

interface PlotProps {
  rows: readonly Row[];
  /** How far two rows are apart, in milliseconds. */
  stepMs: number;
  series: readonly Series[];
  axis: ValueAxis;
  /** The words for a value under the cursor. */
  words: (value: number) => string;
  /** A value to reach, or to stay below; drawn as a line. */
  target?: number | undefined;
  /** For bars: leaves room for half of one before the first time and after the last. */
  banded?: boolean;
  /** Draws the values. */
  children: (scales: Scales) => ReactNode;
}

/** Axes, a grid and a cursor for values over time, as large as the space that is there. */
export function Plot({ rows, stepMs, series, axis, words, target, banded = false, children }: PlotProps) {
  const [ref, size] = useSize();
  const [first, last] = [rows[0]?.at ?? 0, rows.at(-1)?.at ?? 0];
  const width = (size?.width ?? 0) - MARGIN.left - MARGIN.right;
  const height = (size?.height ?? 0) - MARGIN.top - MARGIN.bottom;
  const inset = banded ? width / rows.length / 2 : 0;
  const x = scaleLinear([first, last], [inset, width - inset]);
  const y = axis.scale([height, 0]);
  const ticks = timeTicks(first, last, width);
  return (
    <div ref={ref} className="relative h-full">
      {width > 0 && height > 0 && (
        <>
          <svg aria-hidden="true" width="100%" height="100%" className="block overflow-visible">
            <g transform={`translate(${MARGIN.left},${MARGIN.top})`}>
              <g stroke="var(--line)">
                {axis.ticks.map((tick) => (
                  <line key={tick} x2={width} y1={y(tick)} y2={y(tick)} />
                ))}
                <line x2={width} y1={height} y2={height} />
              </g>
              <g fill="var(--ink-soft)" fontSize={11}>
                {axis.ticks.map((tick) => (
                  <text key={tick} x={-8} y={y(tick)} dy="0.35em" textAnchor="end">
                    {axis.words(tick)}
                  </text>
                ))}
                {ticks.map((at, index) => (
                  <text key={at} x={x(at)} y={height + 18} textAnchor={anchorOf(index, ticks.length)}>
                    {timeWords(at, 60_000 * Math.ceil(stepMs / 60_000))}
                  </text>
                ))}
              </g>
              {target !== undefined && (
                <path d={`M0,${y(target)}H${width}`} stroke="var(--lamp)" strokeWidth={1.5} strokeDasharray="6 4" />
              )}
              {children({ x, y })}
            </g>
          </svg>
          <Cursor rows={rows} stepMs={stepMs} series={series} words={words} x={x} left={MARGIN.left} />
        </>
      )}
    </div>
  );
}

/** The first and the last time stay within the chart. */
function anchorOf(index: number, count: number) {
  if (index === 0) return "start";
  return index === count - 1 ? "end" : "middle";
}
