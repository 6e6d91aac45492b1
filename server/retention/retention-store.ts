import type { ServiceDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";

/** What the removal of old conversations asks of the database; the functions are in supabase/migrations. */
export interface RetentionStore {
  /** The people who have a conversation that is older than so many days, ordered by their oldest one. */
  people(days: number, limit: number): Promise<string[]>;
  /**
   * Removes a person's conversations whose last message is older than so many days, oldest first, with all rows that belong
   * to them. A conversation in which a reply is being written is left for the next run.
   * @returns how many were removed
   */
  remove(userId: string, days: number, limit: number, signal: AbortSignal): Promise<number>;
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
  };
}
