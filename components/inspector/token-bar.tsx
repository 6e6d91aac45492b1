import { classNames } from "@/components/ui/class-names";
import { useSpeech } from "@/components/words/words";
import type { SectionReport } from "@/server/context/context";
import type { SectionLooks } from "./section-looks";

interface TokenBarProps<Name extends string> {
  sections: SectionReport<Name>[];
  looks: SectionLooks<Name>;
  tokens: number;
  budget: number;
}

/** How much of the budget the context takes, by section. */
export function TokenBar<Name extends string>({ sections, looks, tokens, budget }: TokenBarProps<Name>) {
  const { words, fill, number, plural } = useSpeech();
  const { inspector } = words;
  const used = fill(inspector.tokensOf, { tokens: number(tokens), budget: number(budget) });
  return (
    <div className="in-[[data-technical=false]]:hidden pt-3 pb-1">
      <p className="mb-1.5 flex justify-between text-ink-soft text-xs tabular-nums">
        <span>{inspector.room}</span>
        <span data-testid="token-count">{used}</span>
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a <meter> cannot show several parts */}
      <div
        role="meter"
        aria-label={inspector.tokensUsed}
        aria-valuemin={0}
        aria-valuemax={budget}
        aria-valuenow={tokens}
        aria-valuetext={used}
        className="flex h-2.5 gap-px overflow-hidden rounded-full bg-shade forced-colors:border"
      >
        {sections.map(({ name, tokens: taken }) => (
          <div
            key={name}
            title={`${looks[name].title}: ${plural(inspector.tokens, taken)}`}
            className={classNames("forced-color-adjust-none", looks[name].tone)}
            style={{ width: `${(taken / budget) * 100}%` }}
          />
        ))}
      </div>
    </div>
  );
}
