import type { ReactNode } from "react";
import { classNames } from "@/components/ui/class-names";
import { useWords } from "@/components/words/words";
import type { ContextItem } from "@/server/context/context";

interface SectionItemProps {
  item: ContextItem;
  /** Whether to show the whole text instead of its first lines. */
  whole: boolean;
  around: (shown: ReactNode) => ReactNode;
}

/** One item of the context, whether it fitted into the prompt, and, where what is technical is shown, its line there. */
export function SectionItem({ item, whole, around }: SectionItemProps) {
  const { label, text, tokens, included } = item;
  const { inspector } = useWords();
  return (
    <li
      data-testid="section-item"
      data-included={included}
      className={classNames(
        "group/item flex items-baseline justify-between gap-3 border-line border-s-2 ps-3 text-sm leading-6",
        !included && "border-dashed text-ink-soft",
      )}
    >
      {around(
        <>
          <span className="min-w-0 flex-1">
            <span
              dir="auto"
              className={classNames(
                "text-page-start font-serif [overflow-wrap:anywhere]",
                whole ? "block" : "line-clamp-2",
              )}
            >
              {label}
            </span>
            {!included && <span className="block text-xs">{inspector.leftOut}</span>}
            <span
              dir="auto"
              data-line={text}
              className="in-[[data-technical=false]]:hidden block font-mono text-ink-soft text-xs leading-5 [overflow-wrap:anywhere] after:content-[attr(data-line)]"
            />
          </span>
          <span className="in-[[data-technical=false]]:hidden shrink-0 text-ink-soft text-xs tabular-nums">
            {tokens}
            <span className="sr-only"> {inspector.tokensUnit}</span>
          </span>
        </>,
      )}
    </li>
  );
}
