import { line } from "d3-shape";
import type { Series } from "./legend";
import type { Row, Scales } from "./plot";

interface SeriesLineProps {
  series: Series;
  rows: readonly Row[];
  scales: Scales;
  /** In pixels. */
  width: number;
  /** The diameter of its points, in pixels. */
  dot: number;
}

/** One series as a line with a dot for each value. It is interrupted where nothing was counted. */
export function SeriesLine({ series: { key, color, dashed }, rows, scales: { x, y }, width, dot }: SeriesLineProps) {
  const points = rows.map(({ at, values: { [key]: value } }) => ({ at, value: value ?? null }));
  const alongLine = line<(typeof points)[number]>(
    ({ at }) => x(at),
    ({ value }) => y(value ?? 0),
  ).defined(({ value }) => value !== null);
  // A line without length and with round ends is a dot, and all dots are one element.
  const dots = points.map(({ at, value }) => (value === null ? "" : `M${x(at)},${y(value)}h0`)).join("");
  return (
    <g fill="none" stroke={color}>
      <path d={alongLine(points) ?? ""} strokeWidth={width} strokeDasharray={dashed === true ? "4 3" : undefined} />
      <path d={dots} strokeWidth={dot} strokeLinecap="round" />
    </g>
  );
}
