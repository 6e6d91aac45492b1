import type { InsightsReport } from "@/server/insights/report";
import { FactList } from "./fact-list";
import { keysOf } from "./keys-of";
import { TOKEN_WORDS } from "./token-words";
import { countWords, dollarWords } from "./words";

const TOKEN_KINDS = keysOf(TOKEN_WORDS);

/** What 1,000 messages cost, and what of. */
export function CostPerThousand({ report: { summary, prices } }: { report: InsightsReport }) {
  const { cost } = summary;
  if (cost === null) {
    return (
      <FactList
        title="Cost per 1,000 messages"
        intro="No message was answered in this time, so there is nothing to share the cost among."
        facts={[]}
      />
    );
  }
  return (
    <FactList
      title="Cost per 1,000 messages"
      intro={`${dollarWords(cost.total)}, from ${countWords(summary.replies)} replies in this time`}
      facts={[
        { name: `Redis: ${countWords(cost.redisCommands)} commands`, value: dollarWords(cost.redis) },
        ...TOKEN_KINDS.map((kind) => ({ name: `Model: ${TOKEN_WORDS[kind]}`, value: dollarWords(cost.tokens[kind]) })),
      ]}
    >
      <p className="mt-3 text-ink-soft text-xs leading-5">
        Reckoned with ${prices.redis} for 100,000 Redis commands, and for a million tokens{" "}
        {TOKEN_KINDS.map((kind) => `$${prices[kind]} ${TOKEN_WORDS[kind]}`).join(", ")}. The variable{" "}
        <code className="font-mono">PRICES</code> says otherwise.
      </p>
    </FactList>
  );
}
