import type { InsightsOptions } from "@/server/insights/insights";
import { createInsights } from "@/server/insights/insights";
import { pricesSchema } from "@/server/insights/prices";
import type { InsightsStore } from "@/server/insights/store";
import { createMetrics } from "@/server/metrics";
import { createLogger } from "@/server/telemetry/logger";
import { createTelemetry } from "@/server/telemetry/telemetry";

/** Noon of some day, at the beginning of a slot. */
export const NOON = Date.UTC(2026, 0, 1, 12);

/** A clock that stands still until it is set, for several processes. */
export class SetClock {
  #tasks = new Set<() => void>();

  constructor(public ms = NOON) {}

  now(): number {
    return this.ms;
  }

  every(_ms: number, task: () => void): () => void {
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  /** Runs all periodic tasks once. */
  tick(): void {
    for (const task of this.#tasks) task();
  }
}

/** One process that counts and writes insights. */
export function startProcess(store: InsightsStore, clock: SetClock, options: Partial<InsightsOptions> = {}) {
  const lines: string[] = [];
  const telemetry = createTelemetry({ metricReaders: [], spanProcessors: [] });
  const insights = createInsights({
    snapshot: telemetry.snapshot,
    store,
    clock,
    logger: createLogger("info", { destination: { write: (line) => lines.push(line) } }),
    prices: pricesSchema.parse(""),
    ...options,
  });
  return {
    ...telemetry,
    metrics: createMetrics(telemetry.meter),
    insights,
    /** The messages logged so far. */
    logged: (): unknown[] => lines.map((line) => JSON.parse(line).msg),
  };
}
