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
