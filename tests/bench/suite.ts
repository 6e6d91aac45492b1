import type { Backend } from "./backend-client";
import type { Row } from "./report";

export interface SuiteOptions {
  backend: Backend;
  /** Added to each request, in milliseconds. */
  latency: { databaseMs: number; redisMs: number };
  /** Fewer rounds: shows that it runs, not how fast. */
  quick: boolean;
}

export type Suite = (options: SuiteOptions) => Promise<Row[]>;
