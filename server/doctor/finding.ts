/** `warning`: it works, and somebody may be surprised. */
export type FindingState = "ok" | "warning" | "failed" | "skipped";

/** What one check found, and what to do about it. Never carries a secret. */
export interface Finding {
  part: string;
  state: FindingState;
  says: string;
}

export const ok = (part: string, says: string): Finding => ({ part, state: "ok", says });
export const warning = (part: string, says: string): Finding => ({ part, state: "warning", says });
export const failed = (part: string, says: string): Finding => ({ part, state: "failed", says });
export const skipped = (part: string, says: string): Finding => ({ part, state: "skipped", says });
