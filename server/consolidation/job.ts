import type { Job, JobWords } from "@/server/jobs/scheduler-request";
import type { ConsolidationReport } from "./consolidate";

/** Whether this process can consolidate, and how. */
export type Consolidation =
  | {
      kind: "ready";
      /** @throws {DatabaseError} when the list of people cannot be read. */
      run(): Promise<ConsolidationReport>;
      /** Notes that this person has just written something. */
      wrote(userId: string): void;
      /**
       * Runs at the dates of the schedule, and for people who have stopped writing. Returns a function that ends both.
       */
      start(): () => void;
    }
  /** Without a model no patterns are looked for. */
  | { kind: "no-model" }
  /** There is a model, but no key to the database. */
  | { kind: "no-secret-key" };

export const CONSOLIDATION_WORDS: JobWords = { done: "patterns consolidated", failed: "consolidation failed" };

/** The consolidation as a scheduler asks for it. */
export function consolidationJob(consolidation: Consolidation): Job {
  switch (consolidation.kind) {
    case "no-model":
      return { nothingToDo: "No model is configured: ANTHROPIC_API_KEY is not set." };
    case "no-secret-key":
      return { notConfigured: "SUPABASE_SECRET_KEY is not set." };
    case "ready":
      return consolidation;
  }
}
