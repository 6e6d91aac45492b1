import { timeWords } from "./words";

export interface Series {
  key: string;
  name: string;
  /** A colour of the theme, as in `var(--water)`. */
  color: string;
  dashed?: boolean;
}

/** The colour of each line or bar. */
export function Legend({ series }: { series: readonly Series[] }) {
  return (
    <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-ink-soft text-xs">
      {series.map(({ key, name, color, dashed }) => (
        <li key={key} className="flex items-center gap-1.5">
          <svg aria-hidden="true" width="18" height="8" className="shrink-0">
            <line
              x1="0"
              y1="4"
              x2="18"
              y2="4"
              stroke={color}
              strokeWidth="3"
              {...(dashed === true && { strokeDasharray: "4 3" })}
            />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

interface ChartTooltipProps {
  /** Given by the chart. */
  active?: boolean;
  label?: string | number;
  payload?: readonly { dataKey?: unknown; value?: unknown }[];
  series: readonly Series[];
  stepMs: number;
  words: (value: number) => string;
}

/** The numbers at the point under the cursor. */
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
