import { z } from "zod";

/** The position of a row in a list ordered by time, then id. It stays valid when rows are added and removed. */
export interface Keyset {
  /** In the database's own form, to the microsecond. */
  at: string;
  id: string;
}

// It is used in a filter as it is, so it may only contain the characters of a timestamp.
const timestamp = z.string().regex(/^\d[\dT :.+Z-]{18,38}$/);
const keyset = z.tuple([timestamp, z.guid()]);

/** A keyset as an opaque cursor for a client. */
export function encodeCursor({ at, id }: Keyset): string {
  return Buffer.from(JSON.stringify([at, id])).toString("base64url");
}

/** Reads a cursor that a client sends back. A malformed one is a validation error that says so. */
export const cursorSchema = z
  .string()
  .max(200)
  .transform((value, issue): Keyset => {
    const parsed = keyset.safeParse(parseJson(Buffer.from(value, "base64url").toString("utf8")));
    if (parsed.success) return { at: parsed.data[0], id: parsed.data[1] };
    issue.addIssue({ code: "custom", message: "The cursor is not one that this list gave out" });
    return z.NEVER;
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The schema reports it as a malformed cursor.
  }
}

/** The PostgREST filter for the rows that come after `after` in an order of `column` descending, then id descending. */
export function olderThan(column: string, after: Keyset): string {
  return `${column}.lt."${after.at}",and(${column}.eq."${after.at}",id.lt.${after.id})`;
}

/** The methods of a query that paging uses. */
interface Pageable<Query> {
  order(column: string, options: { ascending: boolean }): Query;
  limit(count: number): Query;
  or(filters: string): Query;
}

/** The rows of a page, newest by `column` first, and one more row that shows whether there are older ones. */
export function newestFirst<Query extends Pageable<Query>>(
  query: Query,
  column: string,
  { cursor, limit }: { cursor?: Keyset | null | undefined; limit: number },
): Query {
  const page = query
    .order(column, { ascending: false })
    .order("id", { ascending: false })
    .limit(limit + 1);
  return cursor ? page.or(olderThan(column, cursor)) : page;
}

export interface Page<Item> {
  items: Item[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/** The page of rows that were read with one more than `limit`. The extra row shows that there are older ones. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { toItem, toKeyset }: { toItem: (row: Row) => Item; toKeyset: (row: Row) => Keyset },
): Page<Item> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(toKeyset(last)) : null,
  };
}
