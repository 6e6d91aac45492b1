import { classNames } from "@/components/ui/class-names";
import { Hint } from "@/components/ui/hint";
import { useWords } from "@/components/words/words";
import type { SectionSource } from "@/server/context/context";

const TONES: Record<SectionSource, string> = {
  near: "text-water",
  fresh: "text-water",
  aging: "text-water",
  loaded: "text-ink-soft",
  joined: "text-ink-soft",
  fallback: "text-lamp",
  missing: "text-ember",
};

/** The source of a section in words; the technical term on hover or focus. */
export function SourceMark({ source }: { source: SectionSource }) {
  const { short, long } = useWords().inspector.sources[source];
  return (
    <Hint
      text={
        <>
          {long} <code className="font-mono opacity-80">({source})</code>
        </>
      }
    >
      {(describedBy) => (
        <button
          type="button"
          data-testid="section-source"
          aria-describedby={describedBy}
          className={classNames(
            "min-h-6 cursor-help rounded font-medium underline decoration-dotted underline-offset-4",
            TONES[source],
          )}
        >
          {short}
        </button>
      )}
    </Hint>
  );
}
