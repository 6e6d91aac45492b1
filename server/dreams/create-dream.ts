import type { Cache } from "@/server/cache";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import type { UserDatabase } from "@/server/database/client";
import { insertOnce } from "@/server/database/insert-once";
import type { DreamRow } from "@/server/database/types";
import type { Dream, NewDream } from "./dream";
import { DREAM_COLUMNS, toDream } from "./dream";

/** Who creates: a signed-in request's context is one. */
export interface Dreamer {
  user: { id: string };
  cache: Cache;
  /** Acts as this person. */
  database: () => UserDatabase;
}

/**
 * Stores a dream and outdates what is cached of the person's dreams. The one way a dream comes to be: `dreams.create` and
 * the model's `create_dream` both end here.
 *
 * @param isSame whether a dream of the person's that has the id already is this one
 * @throws {DatabaseError} `not_found` for a session that is not the person's, `conflict` for an id that is taken.
 */
export function createDream(
  { user, cache, database }: Dreamer,
  dream: NewDream,
  isSame = hasSameWords,
): Promise<Dream> {
  const row = {
    id: dream.id ?? crypto.randomUUID(),
    user_id: user.id,
    session_id: dream.sessionId ?? null,
    title: dream.title,
    description: dream.description ?? null,
    category: dream.category ?? null,
    target_date: dream.targetDate ?? null,
  };
  return cache.write(keysOutdatedBy("dream", user.id), async (deadline) => {
    const dreams = database().from("dreams");
    const stored = await insertOnce({
      insert: dreams.insert(row).select(DREAM_COLUMNS).abortSignal(deadline).single(),
      find: () => dreams.select(DREAM_COLUMNS).eq("id", row.id).abortSignal(deadline).maybeSingle(),
      isSame: (existing) => isSame(existing, row),
    });
    return toDream(stored);
  });
}

type Words = Pick<DreamRow, "title" | "description">;

function hasSameWords(existing: Words, dream: Words): boolean {
  return existing.title === dream.title && existing.description === dream.description;
}
