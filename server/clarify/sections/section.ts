import type { CachePolicy } from "@/server/cache";
import type { UserDatabase } from "@/server/database/client";

/** Whose rows a section loads, and from where. */
export interface Reader {
  user: { id: string };
  database: () => UserDatabase;
}

/**
 * How a section is kept. A late database delays a message by at most `loadHardTimeoutMs`, and by `loadSoftTimeoutMs` if
 * an expired copy is held.
 */
export function sectionPolicy(policy: { minutes: number; version: number }): CachePolicy {
  return {
    ttlMs: policy.minutes * 60_000,
    version: policy.version,
    loadSoftTimeoutMs: 300,
    loadHardTimeoutMs: 2_000,
  };
}

/** The most characters of one long text that are processed. The budget decides how many of them are in the prompt. */
export const LONG_TEXT = 12_000;

/** A calendar day in UTC: wording that is the same for every message. */
export function day(timestamp: string): string {
  return timestamp.slice(0, 10);
}
