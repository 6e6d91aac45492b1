import type { PostgrestSingleResponse } from "@supabase/supabase-js";
import { unwrap } from "./errors";

const UNIQUE_VIOLATION = "23505";

interface InsertOnce<Row> {
  insert: PromiseLike<PostgrestSingleResponse<Row>>;
  /** Reads the row that has the id already; only rows of the caller's own are found. */
  find(): PromiseLike<PostgrestSingleResponse<Row | null>>;
  /** Whether that row is what was to be inserted, so that this is the same call once more. */
  isSame(row: Row): boolean;
}

/**
 * Inserts a row under an id that the client made, so that a call whose answer was lost can be repeated.
 * @throws {DatabaseError} `conflict` when the id belongs to something else.
 */
export async function insertOnce<Row>({ insert, find, isSame }: InsertOnce<Row>): Promise<Row> {
  const inserted = await insert;
  if (inserted.error?.code !== UNIQUE_VIOLATION) return unwrap(inserted);
  const existing = unwrap(await find());
  return existing !== null && isSame(existing) ? existing : unwrap(inserted);
}
