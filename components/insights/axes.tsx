import type { InsightsPoint } from "@/server/insights/report";
import { timeWords } from "./words";

const TEXT = { fill: "var(--ink-soft)", fontSize: 11 } as const;

/** The time below a chart. */
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

/** What every scale beside a chart has in common. */
export const VALUE_AXIS = { tick: TEXT, tickLine: false, axisLine: false, width: 52 } as const;

export const GRID = { stroke: "var(--line)", vertical: false } as const;
export const MARGIN = { top: 8, right: 12, bottom: 0, left: 0 } as const;
