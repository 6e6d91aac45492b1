import type { Cache } from "@/server/cache";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import type { UserDatabase } from "@/server/database/client";
import { insertOnce } from "@/server/database/insert-once";
import type { DreamRow } from "@/server/database/types";
import type { Dream, NewDream } from "./dream";
import { DREAM_COLUMNS, toDream } from "./dream";

/** The person who creates the dream; the context of a signed-in request is one. */
export interface Dreamer {
  user: { id: string };
  cache: Cache;
  /** Acts as this person. */
  database: () => UserDatabase;
}

/**
 * Stores a dream and outdates the person's cached dreams. `dreams.create` and the model's `create_dream` both use it.
 *
 * @param isSame whether an existing dream of the person with this id is the same one
 * @throws {DatabaseError} `not_found` for a session that is not the person's, `conflict` for an id that is in use.
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
