import type { PostgrestSingleResponse } from "@supabase/supabase-js";
import { unwrap } from "./errors";

const UNIQUE_VIOLATION = "23505";

interface InsertOnce<Row> {
  insert: PromiseLike<PostgrestSingleResponse<Row>>;
  /** Reads the row that has the id already. Only the caller's own rows are found. */
  find(): PromiseLike<PostgrestSingleResponse<Row | null>>;
  /** Whether that row equals the one to insert, so that this is a repeated call. */
  isSame(row: Row): boolean;
}

/**
 * Inserts a row with an id from the client, so that a call whose answer was lost can be repeated.
 * @throws {DatabaseError} `conflict` when the id belongs to another row.
 */
export async function insertOnce<Row>({ insert, find, isSame }: InsertOnce<Row>): Promise<Row> {
  const inserted = await insert;
  if (inserted.error?.code !== UNIQUE_VIOLATION) return unwrap(inserted);
  const existing = unwrap(await find());
  return existing !== null && isSame(existing) ? existing : unwrap(inserted);
}
