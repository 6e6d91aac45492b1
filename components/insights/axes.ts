import { scaleLinear, scaleLog } from "d3-scale";

export interface ValueAxis {
  /** Converts values to pixels from the top of a plot, given the pixels of its lowest and its highest value. */
  scale: (range: [bottom: number, top: number]) => (value: number) => number;
  ticks: readonly number[];
  /** A tick in words. */
  words: (value: number) => string;
}

const SMALLEST_MS = 0.1;
/** The distance of a target from the edges, as a factor. */
const TARGET_ROOM = 1.4;

/**
 * A logarithmic axis in milliseconds that holds all values and the target, so that 2 ms stay readable below a target of
 * 100.
 */
export function durationAxis(values: readonly number[], target: number | undefined): ValueAxis {
  const all = target === undefined ? values : [...values, target / TARGET_ROOM, target * TARGET_ROOM];
  const low = Math.max(SMALLEST_MS, Math.min(...(all.length > 0 ? all : [1])));
  const high = Math.max(low * 10, ...all);
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  return {
    scale: (range) => scaleLog([10 ** from, 10 ** to], range).clamp(true),
    ticks: Array.from({ length: to - from + 1 }, (_, step) => 10 ** (from + step)),
    words: (ms) => (ms < 1_000 ? `${ms}\u00a0ms` : `${ms / 1_000}\u00a0s`),
  };
}

const COUNT_TICKS = 4;

/** An axis of whole numbers from zero to the highest value or above. */
export function countAxis(values: readonly number[]): ValueAxis {
  const scale = scaleLinear([0, Math.max(1, ...values)], [0, 1]).nice(COUNT_TICKS);
  return {
    scale: (range) => scale.copy().range(range),
    ticks: scale.ticks(COUNT_TICKS).filter(Number.isInteger),
    words: (count) => count.toLocaleString("en", { notation: "compact" }),
  };
}

/** About as wide as a time with seconds and the space beside it, in pixels. */
const TIME_PX = 72;

/** The times that are written below a plot: its first, its last, and those between them for which there is room. */
export function timeTicks(first: number, last: number, widthPx: number): number[] {
  const steps = [4, 2].find((steps) => widthPx / steps >= TIME_PX) ?? 1;
  return Array.from({ length: steps + 1 }, (_, step) => Math.round(first + ((last - first) * step) / steps));
}
