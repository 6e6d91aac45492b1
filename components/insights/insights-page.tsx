"use client";

import Link from "next/link";
import { lazy, Suspense } from "react";
import { LoadFailure } from "@/components/trpc/load-failure";
import { trpc } from "@/components/trpc/trpc";
import { buttonClass } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { AfterHydration } from "@/components/ui/hydration";
import { MirrorMark } from "@/components/ui/mirror-mark";
import { SkeletonLine } from "@/components/ui/skeleton";
import type { InsightsReport, Range } from "@/server/insights/report";
import { Standing } from "./standing";
import { TargetsStrip } from "./targets";
import { keysOf, RANGE_WORDS } from "./words";

/** How often the page refreshes, in milliseconds. A longer range changes more slowly. */
const REFRESH_MS: Record<Range, number> = { "15m": 3_000, "1h": 5_000, "6h": 15_000, "24h": 30_000 };

/** Drawing is most of the code of this page, and the figures above come first. */
const Charts = lazy(() => import("./charts"));

const RANGE_NAMES = keysOf(RANGE_WORDS);

/** The operators' page: whether the targets are met, and where the time went. */
export function InsightsPage({ range }: { range: Range }) {
  return (
    <main lang="en" dir="ltr" className="mx-auto flex min-h-dvh w-full max-w-7xl flex-col px-4 pb-16 sm:px-6">
      <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-5">
        <div className="flex items-center gap-2.5">
          <Link href="/clarify" aria-label="Clarify" className="rounded">
            <MirrorMark className="size-7 text-water" />
          </Link>
          <h1 className="text-2xl">Insights</h1>
        </div>
        <Ranges current={range} />
      </header>
      <AfterHydration fallback={<Waiting />}>
        <Live range={range} />
      </AfterHydration>
    </main>
  );
}

function Ranges({ current }: { current: Range }) {
  return (
    <nav aria-label="How far back" className="flex flex-wrap gap-1">
      {RANGE_NAMES.map((range) => (
        <Link
          key={range}
          href={`/insights?range=${range}`}
          replace
          scroll={false}
          aria-current={range === current ? "page" : undefined}
          className={classNames(
            "rounded-xl px-3 py-2 text-sm transition-colors duration-150",
            range === current ? "bg-shade font-medium text-ink" : "text-ink-soft hover:bg-shade hover:text-ink",
          )}
        >
          {RANGE_WORDS[range].short}
        </Link>
      ))}
    </nav>
  );
}

function Live({ range }: { range: Range }) {
  const insights = trpc.insights.get.useQuery(
    { range },
    { refetchInterval: REFRESH_MS[range], staleTime: 0, placeholderData: (before) => before },
  );
  if (insights.data === undefined) {
    if (insights.isPending) return <Waiting />;
    return <LoadFailure query={insights} className="py-8" />;
  }
  return (
    <div className="flex flex-col gap-4" data-testid="insights" data-range={insights.data.range}>
      <Standing report={insights.data} lost={insights.isError} />
      {isEmpty(insights.data) ? (
        <Empty range={insights.data.range} />
      ) : (
        <>
          <h2 className="sr-only">Whether the targets hold</h2>
          <TargetsStrip report={insights.data} />
          <h2 className="sr-only">Over time</h2>
          <Suspense fallback={<SkeletonLine className="h-72" />}>
            <Charts report={insights.data} />
          </Suspense>
        </>
      )}
    </div>
  );
}

function isEmpty({ summary }: InsightsReport): boolean {
  return summary.builds === 0 && summary.hitRate === null && summary.replies === 0;
}

/** Shown while nothing has been counted: how to produce figures. */
function Empty({ range }: { range: Range }) {
  const longer = RANGE_NAMES.filter((_, index) => index > RANGE_NAMES.indexOf(range));
  return (
    <section
      className="flex flex-1 flex-col items-center justify-center px-2 py-20 text-center"
      data-testid="insights-empty"
    >
      <h2 className="text-2xl">Nothing was counted in {RANGE_WORDS[range].long}</h2>
      <p className="mt-3 max-w-md text-pretty text-ink-soft leading-7">
        Open a conversation, or point at one: its context is built, and shows up here within seconds. To see the app
        under load, run <code className="font-mono text-sm">npm run bench</code>.
      </p>
      <div className="mt-8 flex flex-wrap justify-center gap-3">
        <Link href="/clarify" className={buttonClass("primary")}>
          Open a conversation
        </Link>
        {longer.length > 0 && (
          <Link href="/insights?range=24h" replace className={buttonClass("quiet")}>
            Look back 24 hours
          </Link>
        )}
      </div>
    </section>
  );
}

function Waiting() {
  return (
    <div role="status" className="flex flex-col gap-4">
      <span className="sr-only">The figures are on their way.</span>
      <SkeletonLine className="w-80 max-w-full" />
      <SkeletonLine className="h-28" />
      <SkeletonLine className="h-72" />
    </div>
  );
}
