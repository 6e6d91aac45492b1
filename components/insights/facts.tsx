import type { ReactNode } from "react";
import { useId } from "react";
import type { InsightsReport, Quantiles } from "@/server/insights/report";
import { OBSERVATIONS_FOR_VERDICT } from "@/server/insights/targets";
import {
  BREAKER_WORDS,
  countWords,
  dollarWords,
  keysOf,
  millisecondWords,
  momentWords,
  OUTCOME_WORDS,
  shareWords,
  TOKEN_WORDS,
} from "./words";

interface Fact {
  name: string;
  value: ReactNode;
  /** Needs an operator's attention. */
  wrong?: boolean;
}

interface FactListProps {
  title: string;
  intro: string;
  facts: Fact[];
  children?: ReactNode;
}

/** A few figures that belong together. */
function FactList({ title, intro, facts, children }: FactListProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex min-w-0 flex-col rounded-2xl border border-line bg-sheet px-4 pt-4 pb-4 sm:px-5"
    >
      <h3 id={id} className="text-lg">
        {title}
      </h3>
      <p className="text-ink-soft text-sm leading-6">{intro}</p>
      <dl className="mt-3 flex flex-col divide-y divide-line/70 border-line/70 border-y text-sm tabular-nums empty:hidden">
        {facts.map(({ name, value, wrong = false }) => (
          <div key={name} className="flex justify-between gap-4 py-1.5">
            <dt className="text-ink-soft">{name}</dt>
            <dd className={wrong ? "font-medium text-ember" : ""}>{value}</dd>
          </div>
        ))}
      </dl>
      {children}
    </section>
  );
}

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

/** Builds that found every section in the cache, and builds that waited for the database. */
export function Builds({ report: { summary } }: { report: InsightsReport }) {
  const { warm, cold } = summary.buildMs;
  const messages = summary.warmMessages;
  const words = (quantiles: Quantiles | null) =>
    quantiles === null
      ? "none"
      : `${millisecondWords(quantiles.p50)}, P95 ${millisecondWords(quantiles.p95)} over ${countWords(quantiles.count)}`;
  return (
    <FactList
      title="Contexts, warm and cold"
      intro="A cold one waited for the database, for at least one section"
      facts={[
        { name: "Warm", value: words(warm) },
        { name: "Cold", value: words(cold) },
        {
          name: "Messages that found theirs warm",
          value:
            messages.all === 0 ? "none" : `${shareWords(messages.warm / messages.all)} of ${countWords(messages.all)}`,
        },
      ]}
    />
  );
}

/** How replies ended. */
export function Replies({ report: { summary } }: { report: InsightsReport }) {
  return (
    <FactList
      title="Replies"
      intro={summary.repliesBy.length === 0 ? "Nothing was answered in this time." : "By how they ended"}
      facts={summary.repliesBy.map(({ value, total }) => ({
        name: OUTCOME_WORDS[value] ?? value,
        value: countWords(total),
        wrong: value === "failed" || value === "unspoken",
      }))}
    />
  );
}

/** Why calls of the model failed. */
export function ModelFailures({ report: { summary } }: { report: InsightsReport }) {
  return (
    <FactList
      title="Failures of the model"
      intro={summary.modelFailures.length === 0 ? "No call failed in this time." : "Failed calls, by their code"}
      facts={summary.modelFailures.map(({ value, total }) => ({ name: value, value: countWords(total), wrong: true }))}
    />
  );
}

/** Calls of the model that were refused, because a limit was reached. */
export function Refused({ report: { summary } }: { report: InsightsReport }) {
  const { perMinute, perDay } = summary.refused;
  return (
    <FactList
      title="Limits that were reached"
      intro="Each person has so many messages a minute, and so many of the model's tokens a day"
      facts={[
        { name: "Refused for this minute's messages", value: countWords(perMinute) },
        { name: "Refused for the day's tokens", value: countWords(perDay) },
      ]}
    />
  );
}

/** Active people, started processes, the last runs of the consolidation, and the result of the consistency check. */
export function Upkeep({ report: { summary, consolidation } }: { report: InsightsReport }) {
  const { succeededAt, failedAt } = consolidation;
  const { compared, inconsistent } = summary.checks;
  const when = (at: number | null) => (at === null ? "not known here" : momentWords(at));
  return (
    <FactList
      title="People, processes and checks"
      intro="A sample of the cache reads is compared with the database"
      facts={[
        { name: "People who sent a message", value: countWords(summary.activePeople) },
        { name: "Processes started", value: countWords(summary.processStarts) },
        { name: "Consolidation last succeeded", value: when(succeededAt) },
        {
          name: "Consolidation last failed",
          value: when(failedAt),
          wrong: failedAt !== null && failedAt > (succeededAt ?? 0),
        },
        { name: "Reads compared with the database", value: countWords(compared) },
        { name: "Outdated reads found", value: countWords(inconsistent), wrong: inconsistent > 0 },
      ]}
    />
  );
}

const TOKEN_KINDS = keysOf(TOKEN_WORDS);

/** The cost of 1,000 messages, by part. */
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
  if (summary.replies < OBSERVATIONS_FOR_VERDICT) {
    return (
      <FactList
        title="Cost per 1,000 messages"
        intro={`Too early to say: ${countWords(summary.replies)} of ${OBSERVATIONS_FOR_VERDICT} replies in this time.`}
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
