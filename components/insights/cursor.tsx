import type { PointerEvent } from "react";
import { useState } from "react";
import type { Series } from "./legend";
import type { Row } from "./plot";
import { timeWords } from "./words";

interface CursorProps {
  rows: readonly Row[];
  stepMs: number;
  series: readonly Series[];
  words: (value: number) => string;
  /** Where a time stands within the plot, in pixels. */
  x: (at: number) => number;
  /** Where the plot begins, in pixels. */
  left: number;
}

/** Between the cursor and its words, in pixels. */
const GAP_PX = 12;

/** Lies over a plot, and tells the values at the time that the pointer is closest to. */
export function Cursor({ rows, stepMs, series, words, x, left }: CursorProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  const row = rows.find(({ at }) => at === pointed);
  const from = left + x(row?.at ?? 0);
  const isEarly = row !== undefined && rows.indexOf(row) < rows.length / 2;
  const told = series.flatMap(({ key, name }) => {
    const value = row?.values[key];
    return typeof value === "number" ? [{ key, name, value: words(value) }] : [];
  });

  const point = ({ clientX, currentTarget }: PointerEvent) => {
    const pixels = clientX - currentTarget.getBoundingClientRect().left - left;
    const closest = rows.toSorted((one, other) => Math.abs(x(one.at) - pixels) - Math.abs(x(other.at) - pixels))[0];
    setPointed(closest?.at ?? null);
  };

  return (
    <div
      className="absolute inset-0"
      data-testid="plot"
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={() => setPointed(null)}
    >
      {row !== undefined && told.length > 0 && (
        <>
          <div className="absolute inset-y-0 w-px bg-edge" style={{ left: from }} />
          <div
            data-testid="tooltip"
            className="absolute top-0 w-max rounded-lg bg-ink px-3 py-2 text-paper text-xs leading-5 shadow-lift"
            // On the side with more room, and within it.
            style={
              isEarly
                ? { left: from + GAP_PX, maxWidth: `calc(100% - ${from + GAP_PX}px)` }
                : { right: `calc(100% - ${from - GAP_PX}px)`, maxWidth: from - GAP_PX }
            }
          >
            <p className="font-medium">{timeWords(row.at, stepMs)}</p>
            {told.map(({ key, name, value }) => (
              <p key={key} className="flex justify-between gap-4 tabular-nums">
                <span>{name}</span>
                <span>{value}</span>
              </p>
            ))}
          </div>
        </>
      )}
    </div>
  );
}
