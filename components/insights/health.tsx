import type { InsightsReport } from "@/server/insights/report";
import { FactList } from "./fact-list";
import { BREAKER_WORDS } from "./words";

/** Whether the cache can be reached, now and over the time shown. */
export function Health({ report: { points, summary } }: { report: InsightsReport }) {
  const now = points.at(-1);
  const breaker = now?.breaker ?? 0;
  const waiting = now?.waiting ?? 0;
  const troubled = points.filter(({ breaker: state }) => state > 0).length;
  return (
    <FactList
      title="The cache's health"
      intro="An open breaker means that contexts come straight from the database"
      facts={[
        { name: "Breaker now", value: BREAKER_WORDS[breaker] ?? "unknown", wrong: breaker > 0 },
        {
          name: "Breaker, worst in this time",
          value: BREAKER_WORDS[summary.breaker] ?? "unknown",
          wrong: summary.breaker > 0,
        },
        { name: "Failed invalidations waiting now", value: waiting, wrong: waiting > 0 },
        { name: "Failed invalidations waiting, at most", value: summary.waiting, wrong: summary.waiting > 0 },
      ]}
    >
      <div aria-hidden className="mt-4 flex h-3 gap-px overflow-hidden rounded-full">
        {points.map(({ at, breaker: state }) => (
          <div key={at} className={`flex-1 ${state === 0 ? "bg-water-wash" : "bg-ember"}`} />
        ))}
      </div>
      <p className="mt-1.5 text-ink-soft text-xs">
        {troubled === 0
          ? "The breaker was closed all the time."
          : `The breaker was not closed in ${troubled} of ${points.length} stretches of this time.`}
      </p>
    </FactList>
  );
}
