import type { CachePolicy } from "@/server/cache";
import type { UserDatabase } from "@/server/database/client";

/** Whose rows a section loads, and from where. */
export interface Reader {
  user: { id: string };
  database: () => UserDatabase;
}

/**
 * How a section is kept. A database that is late costs a message at most `loadHardTimeoutMs`, and much less where an
 * expired copy can stand in.
 */
export function sectionPolicy(policy: { minutes: number; version: number }): CachePolicy {
  return {
    ttlMs: policy.minutes * 60_000,
    version: policy.version,
    loadSoftTimeoutMs: 300,
    loadHardTimeoutMs: 2_000,
  };
}

/** The most characters of one long text that are looked at; the room in the prompt decides how much of it is told. */
export const LONG_TEXT = 12_000;

/** A calendar day in UTC: wording that does not change from one message to the next. */
export function day(timestamp: string): string {
  return timestamp.slice(0, 10);
}
