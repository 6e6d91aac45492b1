import type { ReactNode } from "react";
import { useId } from "react";

interface Fact {
  name: string;
  value: ReactNode;
  /** Wants somebody's attention. */
  wrong?: boolean;
}

interface FactListProps {
  title: string;
  intro: string;
  facts: Fact[];
  children?: ReactNode;
}

/** A few single figures that belong together. */
export function FactList({ title, intro, facts, children }: FactListProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex min-w-0 flex-col rounded-2xl border border-line bg-sheet px-4 pt-4 pb-4 sm:px-5"
    >
      <h3 id={id} className="text-lg">
        {title}
      </h3>
      <p className="text-ink-soft text-sm leading-6">{intro}</p>
      <dl className="mt-3 flex flex-col divide-y divide-line/70 border-line/70 border-y text-sm tabular-nums empty:hidden">
        {facts.map(({ name, value, wrong = false }) => (
          <div key={name} className="flex justify-between gap-4 py-1.5">
            <dt className="text-ink-soft">{name}</dt>
            <dd className={wrong ? "font-medium text-ember" : ""}>{value}</dd>
          </div>
        ))}
      </dl>
      {children}
    </section>
  );
}
