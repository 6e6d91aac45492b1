import type { Series } from "./legend";
import { timeWords } from "./words";

interface ChartTooltipProps {
  /** Given by the chart. */
  active?: boolean;
  label?: string | number;
  payload?: readonly { dataKey?: unknown; value?: unknown }[];
  series: readonly Series[];
  stepMs: number;
  words: (value: number) => string;
}

/** The numbers of the moment that is pointed at. */
export function ChartTooltip({ active = false, label, payload = [], series, stepMs, words }: ChartTooltipProps) {
  if (!active || payload.length === 0) return null;
  return (
    <div className="rounded-lg bg-ink px-3 py-2 text-paper text-xs leading-5 shadow-lift">
      <p className="font-medium">{timeWords(Number(label), stepMs)}</p>
      {series.map(({ key, name }) => {
        const value = payload.find(({ dataKey }) => dataKey === key)?.value;
        return (
          typeof value === "number" && (
            <p key={key} className="flex justify-between gap-4 tabular-nums">
              <span>{name}</span>
              <span>{words(value)}</span>
            </p>
          )
        );
      })}
    </div>
  );
}
