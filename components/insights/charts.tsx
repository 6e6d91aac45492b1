import type { InsightsReport } from "@/server/insights/report";
import type { TokenKind } from "@/server/model/metrics";
import { DurationChart } from "./duration-chart";
import { Builds, CostPerThousand, Health, ModelFailures, Refused, Replies, Upkeep } from "./facts";
import { HitRateChart } from "./hit-rate-chart";
import { Sources } from "./sources";
import { StackedChart } from "./stacked-chart";
import { TARGET_TITLES } from "./targets";
import { countWords, keysOf, shareWords, TOKEN_WORDS } from "./words";

const TOKEN_COLORS: Record<TokenKind, string> = {
  cache_read: "var(--tone-user)",
  cache_write: "var(--tone-dreams)",
  input: "var(--tone-patterns)",
  output: "var(--tone-reflections)",
};
const MINUTE_MS = 60_000;

/** All charts over time. Renders in the browser only, because charts take the width that is available. */
export default function Charts({ report }: { report: InsightsReport }) {
  const { points, stepMs, summary, targets } = report;
  const over = { points, stepMs };
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
      {keysOf(TARGET_TITLES).map((name) => (
        <DurationChart
          key={name}
          {...over}
          name={name}
          title={TARGET_TITLES[name]}
          whole={summary.durations[name]}
          target={targets.p95Ms[name]}
        />
      ))}
      <HitRateChart
        {...over}
        whole={summary.hitRate}
        bySection={summary.hitRates}
        builds={summary.builds}
        target={targets.hitRate}
      />
      <Sources sources={summary.sources} />
      <DurationChart {...over} name="preModel" title="Before the model" whole={summary.durations.preModel} />
      <DurationChart {...over} name="firstToken" title="Until the first word" whole={summary.durations.firstToken} />
      <StackedChart
        {...over}
        title="Loads per minute"
        summary={`${countWords(summary.loads)} sections were loaded from the database for ${countWords(summary.builds)} contexts`}
        series={[{ key: "loads", name: "Sections loaded per minute", color: "var(--tone-dreams)" }]}
        partsOf={({ loads }) => ({ loads: (loads / stepMs) * MINUTE_MS })}
      />
      <StackedChart
        {...over}
        title="Model tokens"
        summary={
          summary.cachedShare === null
            ? "No model was asked in this time."
            : `${shareWords(summary.cachedShare)} of its input came from the model's own cache`
        }
        series={keysOf(TOKEN_WORDS).map((kind) => ({ key: kind, name: TOKEN_WORDS[kind], color: TOKEN_COLORS[kind] }))}
        partsOf={({ tokens }) => tokens}
      />
      <Health report={report} />
      <Builds report={report} />
      <Replies report={report} />
      <ModelFailures report={report} />
      <Refused report={report} />
      <Upkeep report={report} />
      <CostPerThousand report={report} />
    </div>
  );
}
