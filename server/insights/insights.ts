import type { Clock } from "@/server/clock";
import type { MetricName } from "@/server/metrics";
import type { Logger } from "@/server/telemetry/logger";
import type { MetricsSnapshot } from "@/server/telemetry/snapshot";
import { total } from "@/server/telemetry/snapshot";
import { History } from "./history";
import { PeopleSeen } from "./people";
import type { Prices } from "./prices";
import type { InsightsReport, LastRuns, Range } from "./report";
import { buildReport, slotsOf } from "./report";
import { ReportedInsightsStore } from "./reported-store";
import { Sampler } from "./sampler";
import { slotAt } from "./slots";
import type { InsightsStore } from "./store";

/** How often a process writes to the store, in milliseconds. */
const SAMPLE_EVERY_MS = 10_000;

/** The figures of all processes over the last 24 hours. */
export interface Insights {
  /** Counts somebody among the people who were active. */
  sawActive(userId: string): void;
  /**
   * Begins to write this process's figures to the store. Returns a function that stops it and writes the last figures.
   */
  start(): () => Promise<void>;
  /**
   * Everything up to now, including this process's own figures. If the store cannot be reached, the report contains
   * what is known without it and is marked so.
   */
  report(range: Range): Promise<InsightsReport>;
}

export interface InsightsOptions {
  /** All figures of this process since it started. */
  snapshot: () => Promise<MetricsSnapshot>;
  store: InsightsStore;
  clock: Pick<Clock, "now" | "every">;
  logger: Logger;
  prices: Prices;
}

export function createInsights({ snapshot, store, clock, logger, prices }: InsightsOptions): Insights {
  const reported = new ReportedInsightsStore(store, logger);
  const people = new PeopleSeen();
  const sampler = new Sampler({ snapshot, people, store: reported, clock, process: crypto.randomUUID() });
  const history = new History(reported, clock);

  return {
    sawActive: (userId) => people.see(userId),

    start() {
      const sample = () =>
        sampler.sample().then(
          () => undefined,
          (err: unknown) => logger.warn({ err }, "figures not sampled"),
        );
      const stopTimer = clock.every(SAMPLE_EVERY_MS, () => void sample());
      return () => {
        stopTimer();
        return sample();
      };
    },

    async report(range) {
      const written = await sampler.sample();
      const nowMs = clock.now();
      const { first } = slotsOf(range, nowMs);
      const current = slotAt(nowMs);
      // The store logs that it cannot be reached, and the report shows it on the page.
      const read = written ? await history.read(first, current).catch(() => null) : null;
      return buildReport({
        range,
        nowMs,
        slots: read ?? new Map([...history.known(first, current), ...sampler.open]),
        store: { kind: store.kind, reachable: read !== null },
        consolidation: lastRunsIn(await snapshot()),
        prices,
      });
    },
  };
}

/** The gauges are in seconds, and 0 if no run is known. */
function lastRunsIn(snapshot: MetricsSnapshot): LastRuns {
  const at = (name: MetricName) => total(snapshot, name) * 1_000 || null;
  return { succeededAt: at("clarify.consolidation_succeeded_at"), failedAt: at("clarify.consolidation_failed_at") };
}
