import { ChevronRight } from "lucide-react";
import { classNames } from "@/components/ui/class-names";
import type { SectionReport } from "@/server/clarify/context";
import { Age } from "./age";
import { SECTION_TONES } from "./section-tones";
import { MISSING_WORDS, SECTION_TITLES } from "./section-words";
import { SourceMark } from "./source-mark";

interface InspectorSectionProps {
  section: SectionReport;
  /** When the browser got the report, by its own clock. */
  readAt: number;
}

/** One section of the context: where it came from, and what it holds. */
export function InspectorSection({ section, readAt }: InspectorSectionProps) {
  const { name, source, ageMs, missingReason, itemsLoaded, itemsIncluded, tokens, items } = section;
  return (
    <section
      data-testid="inspector-section"
      data-section={name}
      data-source={source}
      data-items-included={itemsIncluded}
      data-items-loaded={itemsLoaded}
      aria-label={SECTION_TITLES[name]}
      className="py-2.5"
    >
      <details className="group/section">
        <summary className="flex min-h-8 list-none items-center gap-2.5 rounded-lg [&::-webkit-details-marker]:hidden">
          <span aria-hidden className={classNames("size-2.5 shrink-0 rounded-full", SECTION_TONES[name])} />
          <h3 className="min-w-0 flex-1 font-sans font-medium text-sm">{SECTION_TITLES[name]}</h3>
          <span className="text-ink-soft text-xs tabular-nums" data-testid="section-count">
            {itemsIncluded} of {itemsLoaded}
          </span>
          <ChevronRight
            aria-hidden
            className="size-4 text-ink-soft transition-transform group-open/section:rotate-90 rtl:-scale-x-100"
          />
        </summary>
        {items.length === 0 ? (
          <p className="ps-5 pt-1 pb-2 text-ink-soft text-sm">
            {missingReason === null ? "Nothing here yet." : MISSING_WORDS[missingReason]}
          </p>
        ) : (
          <ul className="flex flex-col gap-2 ps-5 pt-1 pb-2">
            {items.map((item) => (
              <li
                key={item.id}
                data-testid="section-item"
                data-included={item.included}
                className={classNames(
                  "border-s-2 ps-3 text-sm leading-6",
                  item.included ? "border-line" : "border-line border-dashed text-ink-soft",
                )}
              >
                <span dir="auto" className="line-clamp-3 font-serif [overflow-wrap:anywhere]" title={item.text}>
                  {item.label}
                </span>
                <span className="text-ink-soft text-xs tabular-nums">
                  {item.included ? `${item.tokens} tokens` : "left out: no room in the prompt"}
                </span>
              </li>
            ))}
          </ul>
        )}
      </details>
      <p className="flex flex-wrap items-center gap-x-2 ps-5 text-ink-soft text-xs tabular-nums leading-5">
        <SourceMark source={source} />
        {ageMs !== null && <Age ageMs={ageMs} readAt={readAt} />}
        <span>{tokens.toLocaleString("en")} tokens</span>
      </p>
      {missingReason !== null && (
        <p className="ps-5 pt-1 text-ember text-xs leading-5" data-testid="missing-reason">
          {MISSING_WORDS[missingReason]}
        </p>
      )}
    </section>
  );
}
