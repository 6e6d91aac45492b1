import type { ReactNode } from "react";
import { useId, useState } from "react";

interface ChartCardProps {
  title: string;
  /** The content of the chart in a sentence, for people who cannot see it. */
  summary: ReactNode;
  /** Shown beside the title. */
  mark?: ReactNode;
  legend?: ReactNode;
  table: Omit<TableProps, "caption">;
  children: ReactNode;
}

/** A chart, with the same data in words and as a table. */
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

interface TableProps {
  caption: string;
  columns: string[];
  /** The first cell of a row is its heading. */
  rows: { key: string | number; cells: string[] }[];
}

/** The numbers behind a chart. */
function SeriesTable({ caption, columns, rows }: TableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="mt-2 text-sm" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="min-h-7 w-fit rounded text-ink-soft text-xs leading-7 underline decoration-line underline-offset-4 hover:text-ink hover:decoration-edge">
        As a table<span className="sr-only">: {caption}</span>
      </summary>
      {open && rows.length === 0 && <p className="pb-1 text-ink-soft">Nothing was counted in this time.</p>}
      {open && rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard
        <section aria-label={`${caption}, as a table`} tabIndex={0} className="max-h-72 overflow-auto">
          <table className="w-full border-collapse text-end tabular-nums">
            <thead className="sticky top-0 bg-sheet text-ink-soft text-xs">
              <tr>
                {columns.map((column, index) => (
                  <th
                    key={column}
                    scope="col"
                    className={`border-line border-b px-2 py-1.5 font-medium ${index === 0 ? "text-start" : "text-end"}`}
                  >
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, cells: [heading, ...cells] }) => (
                <tr key={key} className="border-line/60 border-b last:border-0">
                  <th scope="row" className="whitespace-nowrap px-2 py-1 text-start font-normal">
                    {heading}
                  </th>
                  {cells.map((cell, index) => (
                    <td key={columns[index + 1]} className="whitespace-nowrap px-2 py-1">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
