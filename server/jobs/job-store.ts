import type { ServiceDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";

/** Longer than a run can take. When a process dies during a run, the next run waits this long at most. */
const LEASE_SECONDS = 360;

export type JobName = "consolidate-patterns" | "remove-old-conversations" | "remove-ended-demos";

/** When the last runs of all processes ended, in milliseconds since the epoch; null when none has. */
export interface JobState {
  succeededAt: number | null;
  failedAt: number | null;
}

/** What all processes know about the runs of one job, in the database. */
export interface JobStore {
  /** Claims the run that was due at this date. False when another process has claimed it. */
  begin(dueAt: Date): Promise<boolean>;
  /** Records how a run ended, also a run outside the schedule. */
  end(succeeded: boolean): Promise<void>;
  state(): Promise<JobState>;
}

export function createJobStore(database: ServiceDatabase, name: JobName): JobStore {
  /** A process has at most one run of the schedule at a time. */
  const token = crypto.randomUUID();
  return {
    async begin(dueAt) {
      const lease = { p_name: name, p_due_at: dueAt.toISOString(), p_token: token, p_lease_seconds: LEASE_SECONDS };
      return unwrap(await database.rpc("begin_job", lease));
    },
    async end(succeeded) {
      unwrap(await database.rpc("end_job", { p_name: name, p_token: token, p_succeeded: succeeded }));
    },
    async state() {
      const state = unwrap(await database.rpc("job_state", { p_name: name }));
      const at = (timestamp: string | null | undefined) => (timestamp ? Date.parse(timestamp) : null);
      return { succeededAt: at(state?.succeeded_at), failedAt: at(state?.failed_at) };
    },
  };
}
