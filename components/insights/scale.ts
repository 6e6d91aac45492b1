/** What a logarithmic axis shows: from one of its marks to another. */
interface LogScale {
  domain: [low: number, high: number];
  ticks: number[];
}

const SMALLEST_MS = 0.1;
/** How far a target stays away from the edges: it has to be seen. */
const MARGIN = 1.4;

/**
 * A logarithmic axis in milliseconds that all the values and the target fit on: figures of 2 ms stay readable below a
 * target of 100.
 */
export function logScale(values: readonly number[], target: number | undefined): LogScale {
  const all = target === undefined ? values : [...values, target / MARGIN, target * MARGIN];
  const low = Math.max(SMALLEST_MS, Math.min(...(all.length > 0 ? all : [1])));
  const high = Math.max(low * 10, ...all);
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const ticks = Array.from({ length: to - from + 1 }, (_, step) => 10 ** (from + step));
  return { domain: [10 ** from, 10 ** to], ticks };
}

/** A value where the axis can show it. */
export function onLogScale(value: number): number {
  return Math.max(SMALLEST_MS, value);
}
