import type { PointerEvent } from "react";
import { useState } from "react";
import { classNames } from "@/components/ui/class-names";
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

/** Lies over a plot, and tells the values at the time that the pointer is closest to. */
export function Cursor({ rows, stepMs, series, words, x, left }: CursorProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  const row = rows.find(({ at }) => at === pointed);
  const told = series.flatMap(({ key, name }) => {
    const value = row?.values[key];
    return typeof value === "number" ? [{ key, name, value: words(value) }] : [];
  });

  const point = ({ clientX, currentTarget }: PointerEvent) => {
    const from = clientX - currentTarget.getBoundingClientRect().left - left;
    const closest = rows.toSorted((one, other) => Math.abs(x(one.at) - from) - Math.abs(x(other.at) - from))[0];
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
        <div className="pointer-events-none absolute inset-y-0 w-px bg-edge" style={{ left: left + x(row.at) }}>
          <div
            data-testid="tooltip"
            className={classNames(
              "absolute top-0 z-10 w-max rounded-lg bg-ink px-3 py-2 text-paper text-xs leading-5 shadow-lift",
              rows.indexOf(row) < rows.length / 2 ? "left-3" : "right-3",
            )}
          >
            <p className="font-medium">{timeWords(row.at, stepMs)}</p>
            {told.map(({ key, name, value }) => (
              <p key={key} className="flex justify-between gap-4 tabular-nums">
                <span>{name}</span>
                <span>{value}</span>
              </p>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
