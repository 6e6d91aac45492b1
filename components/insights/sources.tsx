import { useId } from "react";
import { en } from "@/components/words/en";
import type { OutcomeLabel } from "@/server/clarify/metrics";
import type { SectionName } from "@/server/clarify/sections";
import type { InsightsSummary } from "@/server/insights/report";
import { Legend } from "./legend";
import { keysOf } from "./words";

const COLORS: Record<OutcomeLabel, string> = {
  near: "var(--water-deep)",
  fresh: "var(--tone-user)",
  aging: "var(--tone-dreams)",
  joined: "var(--tone-sessions)",
  loaded: "var(--tone-patterns)",
  fallback: "var(--tone-reflections)",
  missing: "var(--ember)",
};

const OUTCOMES = keysOf(COLORS);
const SERIES = OUTCOMES.map((outcome) => ({
  key: outcome,
  name: `${outcome}: ${en.inspector.sources[outcome].short}`,
  color: COLORS[outcome],
}));

/** The sources of each section: a table of counts, with a bar in each row. */
export function Sources({ sources }: { sources: InsightsSummary["sources"] }) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex min-w-0 flex-col rounded-2xl border border-line bg-sheet px-4 pt-4 pb-3 sm:px-5"
    >
      <h3 id={id} className="text-lg">
        Sources by section
      </h3>
      <p className="text-ink-soft text-sm leading-6">Reads, by where their section came from</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard */}
      <section aria-label="Reads by section and source" tabIndex={0} className="mt-2 min-w-0 overflow-x-auto">
        <table className="w-full border-collapse text-sm tabular-nums" data-testid="sources">
          <thead className="text-ink-soft text-xs">
            <tr>
              <th scope="col" className="py-1.5 pe-2 text-start font-medium">
                Section
              </th>
              {OUTCOMES.map((outcome) => (
                <th key={outcome} scope="col" className="px-1.5 py-1.5 text-end font-medium">
                  {outcome}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {keysOf(en.inspector.sections).map((name) => (
              <SectionRow key={name} name={name} counts={sources[name]} />
            ))}
          </tbody>
        </table>
      </section>
      <Legend series={SERIES} />
    </section>
  );
}

function SectionRow({ name, counts }: { name: SectionName; counts: Record<OutcomeLabel, number> }) {
  const reads = OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);
  return (
    <>
      <tr data-section={name}>
        <th scope="row" className="whitespace-nowrap pt-2 pe-2 text-start font-normal">
          {en.inspector.sections[name]}
        </th>
        {OUTCOMES.map((outcome) => (
          <td
            key={outcome}
            data-outcome={outcome}
            className={counts[outcome] === 0 ? "px-1.5 pt-2 text-end text-ink-soft" : "px-1.5 pt-2 text-end"}
          >
            {counts[outcome].toLocaleString("en")}
          </td>
        ))}
      </tr>
      <tr aria-hidden>
        <td colSpan={OUTCOMES.length + 1} className="pt-1 pb-1.5">
          {/* As wide as the page, even when the numbers are scrolled. */}
          <div className="sticky start-0 flex h-2 w-full max-w-[calc(100vw-4.5rem)] gap-px overflow-hidden rounded-full bg-shade">
            {OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => (
              <div
                key={outcome}
                style={{ width: `${(counts[outcome] / reads) * 100}%`, background: COLORS[outcome] }}
              />
            ))}
          </div>
        </td>
      </tr>
    </>
  );
}
