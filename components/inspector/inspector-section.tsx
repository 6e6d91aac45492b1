import type { ReactNode } from "react";
import { useId, useState } from "react";
import { classNames } from "@/components/ui/class-names";
import { useSpeech } from "@/components/words/words";
import type { ContextItem, SectionReport } from "@/server/context/context";
import { Age } from "./age";
import { SectionItem } from "./section-item";
import type { SectionLook } from "./section-looks";
import { SourceMark } from "./source-mark";

/** How many items are shown before the section is expanded. */
const PREVIEW_ITEMS = 2;

interface InspectorSectionProps {
  section: SectionReport;
  look: SectionLook;
  /** When the browser got the report, by its own clock. */
  readAt: number;
  itemAround: (item: ContextItem, shown: ReactNode) => ReactNode;
}

/** One section of the context: its source and its items. */
export function InspectorSection({ section, look, readAt, itemAround }: InspectorSectionProps) {
  const [expanded, setExpanded] = useState(false);
  const listId = useId();
  const { words, fill, plural } = useSpeech();
  const { inspector } = words;
  const { name, source, ageMs, missingReason, itemsLoaded, itemsIncluded, more, tokens, items } = section;
  const shown = expanded ? items : items.slice(0, PREVIEW_ITEMS);
  const hidden = items.length - shown.length;
  const shownOf =
    itemsIncluded === itemsLoaded
      ? String(itemsLoaded)
      : fill(inspector.itemsOf, { included: itemsIncluded, loaded: itemsLoaded });

  return (
    <section
      data-testid="inspector-section"
      data-section={name}
      data-source={source}
      data-items-included={itemsIncluded}
      data-items-loaded={itemsLoaded}
      aria-label={look.title}
      className="py-3"
    >
      <div className="flex items-baseline gap-2.5">
        <span
          aria-hidden
          className={classNames("size-2.5 shrink-0 rounded-full forced-color-adjust-none", look.tone)}
        />
        <h3 className="min-w-0 flex-1 font-medium font-sans text-sm">{look.title}</h3>
        <span className="text-ink-soft text-xs tabular-nums" data-testid="section-count">
          {itemsLoaded > 0 && (more ? fill(inspector.andMore, { items: shownOf }) : shownOf)}
        </span>
      </div>
      <div className="ps-5">
        <p className="in-[[data-technical=false]]:hidden flex flex-wrap items-center gap-x-2 text-ink-soft text-xs tabular-nums">
          <SourceMark source={source} />
          {ageMs !== null && <Age ageMs={ageMs} readAt={readAt} />}
          <span data-testid="section-tokens">{plural(inspector.tokens, tokens)}</span>
        </p>
        {missingReason !== null && (
          <p className="pt-1 text-ember text-sm leading-6" data-testid="missing-reason">
            {inspector.missing[missingReason]}
          </p>
        )}
        {missingReason === null && items.length === 0 && (
          <p className="pt-1 text-ink-soft text-sm">{inspector.nothing}</p>
        )}
        <ul id={listId} className="flex flex-col gap-1.5 pt-1.5 empty:hidden">
          {shown.map((item) => (
            <SectionItem
              key={item.id}
              item={item}
              whole={expanded}
              around={(shownItem) => itemAround(item, shownItem)}
            />
          ))}
        </ul>
        {items.length > 0 && (hidden > 0 || expanded) && (
          <button
            type="button"
            aria-expanded={expanded}
            aria-controls={listId}
            onClick={() => setExpanded(!expanded)}
            className="mt-1 min-h-7 rounded text-ink-soft text-xs underline decoration-line underline-offset-4 hover:text-ink hover:decoration-edge"
          >
            {expanded ? inspector.showLess : plural(inspector.showMore, hidden)}
            <span className="sr-only"> {fill(inspector.ofSection, { section: look.title })}</span>
          </button>
        )}
      </div>
    </section>
  );
}
