import type { ReactNode } from "react";
import { useId } from "react";
import type { TableProps } from "./series-table";
import { SeriesTable } from "./series-table";

interface ChartCardProps {
  title: string;
  /** What there is to see, in a sentence: it stands in for the chart where nobody sees it. */
  summary: ReactNode;
  /** Beside the title. */
  mark?: ReactNode;
  legend?: ReactNode;
  table: Omit<TableProps, "caption">;
  children: ReactNode;
}

/** A chart, and the same in words and as a table. */
export function ChartCard({ title, summary, mark, legend, table, children }: ChartCardProps) {
  const id = useId();
  return (
    <figure
      aria-labelledby={id}
      className="flex min-w-0 flex-col rounded-2xl border border-line bg-sheet px-4 pt-4 pb-3 sm:px-5"
    >
      <figcaption>
        <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
          <h3 id={id} className="text-lg">
            {title}
          </h3>
          {mark}
        </div>
        <p className="text-ink-soft text-sm leading-6">{summary}</p>
      </figcaption>
      <div aria-hidden className="mt-3 h-52 min-w-0">
        {children}
      </div>
      {legend}
      <SeriesTable caption={title} {...table} />
    </figure>
  );
}
