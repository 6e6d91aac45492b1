import type { InsightsPoint } from "@/server/insights/report";
import { timeWords } from "./words";

const TEXT = { fill: "var(--ink-soft)", fontSize: 11 } as const;

/** The time axis of a chart. */
export function timeAxis(points: readonly InsightsPoint[], stepMs: number) {
  const first = points[0]?.at ?? 0;
  const last = points.at(-1)?.at ?? 0;
  const quarter = (last - first) / 4;
  return {
    dataKey: "at",
    type: "number",
    domain: [first, last],
    ticks: [0, 1, 2, 3, 4].map((step) => Math.round(first + step * quarter)),
    tickFormatter: (at: number) => timeWords(at, 60_000 * Math.ceil(stepMs / 60_000)),
    tick: TEXT,
    tickLine: false,
    axisLine: { stroke: "var(--line)" },
    interval: "preserveStartEnd",
    minTickGap: 12,
  } as const;
}

/** The common properties of all value axes. */
export const VALUE_AXIS = { tick: TEXT, tickLine: false, axisLine: false, width: 52 } as const;

export const GRID = { stroke: "var(--line)", vertical: false } as const;
export const MARGIN = { top: 8, right: 12, bottom: 0, left: 0 } as const;

/** The range of a logarithmic axis, from one of its marks to another. */
interface LogScale {
  domain: [low: number, high: number];
  ticks: number[];
}

const SMALLEST_MS = 0.1;
/** The distance of a target from the edges, as a factor. */
const TARGET_ROOM = 1.4;

/**
 * A logarithmic axis in milliseconds that holds all values and the target, so that 2 ms stay readable below a target of
 * 100.
 */
export function logScale(values: readonly number[], target: number | undefined): LogScale {
  const all = target === undefined ? values : [...values, target / TARGET_ROOM, target * TARGET_ROOM];
  const low = Math.max(SMALLEST_MS, Math.min(...(all.length > 0 ? all : [1])));
  const high = Math.max(low * 10, ...all);
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const ticks = Array.from({ length: to - from + 1 }, (_, step) => 10 ** (from + step));
  return { domain: [10 ** from, 10 ** to], ticks };
}

/** A value, moved into the range of the axis. */
export function onLogScale(value: number): number {
  return Math.max(SMALLEST_MS, value);
}
