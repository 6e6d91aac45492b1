import type { ServiceDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import type { BegunConsolidationRows, FinishedConsolidation } from "@/server/database/types";
import type { MergedPatterns } from "./merge-patterns";

/** The fewest new messages that are worth reading; fewer say too little about a person. */
const MIN_MESSAGES = 5;
const MAX_MESSAGES = 100;
const MAX_CHARACTERS = 60_000;
const MAX_PATTERNS = 100;
/** Longer than an attempt can take. When a process dies, its person waits this long for the next attempt. */
const CLAIM_SECONDS = 180;

/** One attempt at one person. */
export interface Claim {
  userId: string;
  token: string;
}

/** The database operations of consolidation; the functions are in supabase/migrations. */
export interface ConsolidationStore {
  /** The people who have something to consolidate, least recently attempted first. */
  people(limit: number): Promise<string[]>;
  /** Claims a person. Null when another run holds the claim, or when nothing is left to do. */
  begin(claim: Claim): Promise<BegunConsolidationRows | null>;
  /**
   * Stores the patterns and marks the messages as read, in one transaction.
   * @throws {DatabaseError} `conflict` when the claim is lost or the messages have changed.
   */
  finish(claim: Claim, found: Found, signal: AbortSignal): Promise<FinishedConsolidation>;
  /**
   * Releases a claim. After a fruitless attempt the person is left out for a time that grows with each one, because the
   * next attempt would probably fail at the same cost.
   */
  abandon(claim: Claim, options: { fruitless: boolean }): Promise<void>;
}

export interface Found {
  messageIds: readonly string[];
  patterns: MergedPatterns;
}

export function createConsolidationStore(database: ServiceDatabase): ConsolidationStore {
  return {
    async people(limit) {
      return unwrap(await database.rpc("people_to_consolidate", { p_min_messages: MIN_MESSAGES, p_limit: limit }));
    },

    async begin({ userId, token }) {
      return unwrap(
        await database.rpc("begin_consolidation", {
          p_user_id: userId,
          p_token: token,
          p_min_messages: MIN_MESSAGES,
          p_max_messages: MAX_MESSAGES,
          p_max_characters: MAX_CHARACTERS,
          p_claim_seconds: CLAIM_SECONDS,
        }),
      );
    },

    async finish({ userId, token }, { messageIds, patterns }, signal) {
      const idsOf = (indexes: readonly number[]) => indexes.flatMap((index) => messageIds[index] ?? []);
      const call = database.rpc("finish_consolidation", {
        p_user_id: userId,
        p_token: token,
        p_message_ids: [...messageIds],
        p_seen: patterns.seen.map(({ messages, ...pattern }) => ({ ...pattern, message_ids: idsOf(messages) })),
        p_added: patterns.added.map(({ messages, ...pattern }) => ({
          ...pattern,
          message_id: idsOf(messages).at(-1) ?? "",
          message_ids: idsOf(messages),
        })),
        p_max_patterns: MAX_PATTERNS,
      });
      return unwrap(await call.abortSignal(signal));
    },

    async abandon({ userId, token }, { fruitless }) {
      unwrap(
        await database.rpc("abandon_consolidation", { p_user_id: userId, p_token: token, p_fruitless: fruitless }),
      );
    },
  };
}
