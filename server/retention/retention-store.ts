import type { ServiceDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";

/** What the removal of old conversations asks of the database; the functions are in supabase/migrations. */
export interface RetentionStore {
  /**
   * The people who have a conversation to remove, ordered by their oldest one: one that is older than so many days (null
   * for any age), or one in which nothing was said for a day.
   */
  people(days: number | null, limit: number): Promise<string[]>;
  /**
   * Removes such conversations of a person, oldest first, with all rows that belong to them. A conversation in which a reply is being written is left for the next run.
   * @returns how many were removed
   */
  remove(userId: string, days: number | null, limit: number, signal: AbortSignal): Promise<number>;
  /**
   * Removes for good what has been in a bin for 30 days, and conversations in it that are older than so many days.
   * @returns how many were removed
   */
  emptyBins(days: number | null, limit: number): Promise<number>;
}

export function createRetentionStore(database: ServiceDatabase): RetentionStore {
  return {
    async people(days, limit) {
      return unwrap(await database.rpc("people_with_old_conversations", { p_days: days, p_limit: limit }));
    },
    async remove(userId, days, limit, signal) {
      const call = database.rpc("remove_old_conversations", { p_user_id: userId, p_days: days, p_limit: limit });
      return unwrap(await call.abortSignal(signal));
    },
    async emptyBins(days, limit) {
      return unwrap(await database.rpc("empty_bins", { p_days: days, p_limit: limit }));
    },
  };
}
