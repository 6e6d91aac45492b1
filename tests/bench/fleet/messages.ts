import type { MetricsSnapshot } from "@/server/telemetry/snapshot";
import type { StackAddress } from "@/tests/support/database/test-stack";

/** What a process of the app tells when it is asked. */
export interface AppFigures {
  metrics: MetricsSnapshot;
  /** Delays of the event loop since the last time, in milliseconds. */
  loopDelayMs: { p50: number; p99: number };
  rssMb: number;
}

export type FromApp = { url: string } | { figures: AppFigures };
export type FromStack = { address: StackAddress };
