import type { Backend } from "./backend-client";
import type { Row } from "./report";

export interface SuiteOptions {
  backend: Backend;
  /** Added to each request, in milliseconds. */
  latency: { databaseMs: number; redisMs: number };
  /** Fewer rounds: checks that the suite runs, without meaningful timings. */
  quick: boolean;
}

export type Suite = (options: SuiteOptions) => Promise<Row[]>;
