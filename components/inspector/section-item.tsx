import { classNames } from "@/components/ui/class-names";
import type { ContextItem } from "@/server/context/context";

interface SectionItemProps {
  item: ContextItem;
  /** Whether to show the whole text instead of its first lines. */
  whole: boolean;
}

/** One item of the context, and whether it fitted into the prompt. */
export function SectionItem({ item, whole }: SectionItemProps) {
  const { label, text, tokens, included } = item;
  return (
    <li
      data-testid="section-item"
      data-included={included}
      title={text}
      className={classNames(
        "flex items-baseline justify-between gap-3 border-line border-s-2 ps-3 text-sm leading-6",
        !included && "border-dashed text-ink-soft",
      )}
    >
      <span className="min-w-0 flex-1">
        <span
          dir="auto"
          className={classNames("font-serif [overflow-wrap:anywhere]", whole ? "block" : "line-clamp-2")}
        >
          {label}
        </span>
        {!included && <span className="block text-xs">Left out: no room in the prompt</span>}
      </span>
      <span className="shrink-0 text-ink-soft text-xs tabular-nums">
        {tokens}
        <span className="sr-only"> tokens</span>
      </span>
    </li>
  );
}
