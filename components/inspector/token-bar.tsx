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
  const words = `${tokens.toLocaleString("en")} of ${budget.toLocaleString("en")} tokens`;
  return (
    <div>
      <p className="mb-1.5 flex justify-between text-ink-soft text-xs tabular-nums">
        <span>Room in the prompt</span>
        <span data-testid="token-count">{words}</span>
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a <meter> cannot show several parts */}
      <div
        role="meter"
        aria-label="Tokens used"
        aria-valuemin={0}
        aria-valuemax={budget}
        aria-valuenow={tokens}
        aria-valuetext={words}
        className="flex h-2.5 gap-px overflow-hidden rounded-full bg-shade"
      >
        {sections.map(({ name, tokens: used }) => (
          <div
            key={name}
            title={`${looks[name].title}: ${used.toLocaleString("en")} tokens`}
            className={looks[name].tone}
            style={{ width: `${(used / budget) * 100}%` }}
          />
        ))}
      </div>
    </div>
  );
}
