import { z } from "zod";
import type { Cache, CachePolicy } from "@/server/cache";
import { entry } from "@/server/cache";
import { HISTORY } from "@/server/clarify/invalidation";
import type { ConversationStore, RecentMessages } from "./conversation-store";

/** Long enough to think about an answer. Nothing is refreshed or served after its time: no reader waits for this entry. */
const POLICY: CachePolicy = { ttlMs: 30 * 60_000, version: 1, refreshAheadFraction: 0, failSafeMs: 0 };

/** The last messages of one conversation, kept for its next message. */
export interface KeptHistory {
  /** What is kept; undefined if nothing is. Never reads the database. */
  find(): Promise<RecentMessages | undefined>;
  /** Reads the messages as they are stored now, and keeps them. */
  keep(): Promise<void>;
}

/** Every write that changes messages outdates it, see `keysOutdatedBy`. */
export function keptHistory(options: {
  userId: string;
  sessionId: string;
  cache: Cache;
  store: Pick<ConversationStore, "recent">;
}): KeptHistory {
  const { userId, sessionId, cache, store } = options;
  const { key, tags, policy, load } = entry({
    name: HISTORY,
    owner: userId,
    input: z.string(),
    policy: POLICY,
    load: (id: string) => store.recent(id),
  }).at(sessionId);
  return {
    async find() {
      return (await cache.get<RecentMessages>(key, policy, { tags }))?.value;
    },
    async keep() {
      await cache.getOrSet(key, load, policy, { tags });
    },
  };
}
