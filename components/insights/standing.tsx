import type { InsightsReport } from "@/server/insights/report";
import { RANGE_WORDS, timeWords, zoneWords } from "./words";

interface StandingProps {
  report: Pick<InsightsReport, "range" | "at" | "store">;
  /** The last refresh failed. */
  lost: boolean;
}

/** Which processes and which time the figures are from, and whether they are complete. */
export function Standing({ report: { range, at, store }, lost }: StandingProps) {
  if (!store.reachable) {
    return (
      <p role="alert" className="rounded-2xl bg-ember-wash px-4 py-3 text-ember text-sm leading-6">
        The store of these figures cannot be reached: what this one process counted is shown, without the others and
        without most of the past. It is retried all the time.
      </p>
    );
  }
  return (
    <p className="text-ink-soft text-sm leading-6">
      {lost ? (
        <span className="text-ember">The connection was lost. These are the figures </span>
      ) : (
        "Live: the figures "
      )}
      of {RANGE_WORDS[range].long} as of{" "}
      <time dateTime={new Date(at).toISOString()}>
        {timeWords(at, 1)} {zoneWords(at)}
      </time>
      ,{" "}
      {store.kind === "redis"
        ? "of all processes together."
        : "of this process, kept in its memory. With a Redis they outlive it, and several processes add up."}
    </p>
  );
}
