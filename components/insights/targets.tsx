import { Check, Hourglass, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { classNames } from "@/components/ui/class-names";
import type { InsightsReport } from "@/server/insights/report";
import { OBSERVATIONS_FOR_VERDICT, verdictOf } from "@/server/insights/targets";
import { RUNBOOK } from "./anchors";
import { keysOf, millisecondWords, shareWords } from "./words";

export const TARGET_TITLES = {
  contextBuild: "Context build",
  queryParallel: "Parallel query",
  cacheRead: "Cache read",
  cacheWrite: "Cache write",
} as const;

/** The five targets, and whether they are met. */
export function TargetsStrip({ report: { summary, targets } }: { report: InsightsReport }) {
  const { hitRate, builds } = summary;
  return (
    <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
      {keysOf(TARGET_TITLES).map((name) => {
        const quantiles = summary.durations[name];
        const target = targets.p95Ms[name];
        return (
          <Promised
            key={name}
            name={name}
            title={TARGET_TITLES[name]}
            value={quantiles && millisecondWords(quantiles.p95)}
            promise={`P95 below ${target} ms`}
            observed={quantiles?.count ?? 0}
            met={quantiles !== null && quantiles.p95 < target}
          />
        );
      })}
      <Promised
        name="hitRate"
        title="Hit rate"
        value={hitRate === null ? null : shareWords(hitRate)}
        promise={`above ${shareWords(targets.hitRate)}`}
        observed={builds}
        met={hitRate !== null && hitRate > targets.hitRate}
      />
    </ul>
  );
}

interface PromisedProps {
  name: keyof typeof RUNBOOK;
  title: string;
  /** Null if nothing was counted. */
  value: string | null;
  promise: string;
  /** The number of observations behind the value. */
  observed: number;
  met: boolean;
}

function Promised({ name, title, value, promise, observed, met }: PromisedProps) {
  return (
    <li
      data-testid={`target-${name}`}
      className="flex flex-col items-start rounded-2xl border border-line bg-sheet px-4 py-3 last:max-sm:col-span-2"
    >
      <h3 className="font-sans text-ink-soft text-sm">
        <Link
          href={`/insights/operations#${RUNBOOK[name]}`}
          prefetch={false}
          className="underline-offset-4 hover:underline"
        >
          {title}
        </Link>
      </h3>
      <p className="font-serif text-2xl tabular-nums leading-9" data-testid="value">
        {value ?? "–"}
      </p>
      <p className="mb-2 text-ink-soft text-xs">{promise}</p>
      <TargetMark observed={observed} met={met} />
    </li>
  );
}

const MARKS = {
  met: { Icon: Check, colors: "bg-water-wash text-water-deep" },
  missed: { Icon: TriangleAlert, colors: "bg-ember-wash text-ember" },
  early: { Icon: Hourglass, colors: "bg-line/50 text-ink-soft" },
} as const;

/** Whether a target is met, if there are enough observations. */
export function TargetMark({ observed, met }: { observed: number; met: boolean }) {
  const verdict = verdictOf(observed, met);
  const { Icon, colors } = MARKS[verdict];
  const words = {
    met: "On target",
    missed: "Target missed",
    early: `Too early to say (${observed} of ${OBSERVATIONS_FOR_VERDICT})`,
  };
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1 rounded-full px-2.5 py-0.5 font-medium text-xs leading-5",
        colors,
      )}
    >
      <Icon aria-hidden className="size-3.5" />
      {words[verdict]}
    </span>
  );
}
