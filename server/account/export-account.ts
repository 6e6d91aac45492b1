import type { UserDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import { tables } from "@/server/database/schema";
import type { TableName } from "@/server/database/types";

/** Rows per page, few enough that even the longest rows fit into memory. */
const PAGE_ROWS = 100;

export interface ExportRequest {
  database: UserDatabase;
  user: { id: string; email: string };
  exportedAt: Date;
  /** Aborts when the reader is gone. */
  signal: AbortSignal;
}

/**
 * Everything that is stored about one person, as the pieces of one JSON document. It contains each table of the schema,
 * a page at a time, so memory is bounded however much the person has written.
 * @throws {DatabaseError} when a page cannot be read; the document is then incomplete and not valid JSON.
 */
export async function* exportAccount(request: ExportRequest): AsyncGenerator<string> {
  const { user, exportedAt } = request;
  const account = { id: user.id, email: user.email };
  yield `{"exportedAt":${JSON.stringify(exportedAt)},"account":${JSON.stringify(account)}`;
  for (const table of Object.keys(tables) as TableName[]) {
    yield `,${JSON.stringify(table)}:[`;
    let separator = "";
    for await (const rows of pages(table, request)) {
      yield separator + rows.map((row) => JSON.stringify(row)).join(",");
      separator = ",";
    }
    yield "]";
  }
  yield "}";
}

/** A table's rows in the order of their ids, so that rows added or removed meanwhile shift nothing. */
async function* pages(table: TableName, { database, user, signal }: ExportRequest): AsyncGenerator<{ id: string }[]> {
  const owner = table === "users" ? "id" : "user_id";
  let after: string | undefined;
  do {
    let query = database.from(table).select("*").filter(owner, "eq", user.id).order("id").limit(PAGE_ROWS);
    if (after !== undefined) query = query.gt("id", after);
    const rows: { id: string }[] = unwrap(await query.abortSignal(signal));
    if (rows.length > 0) yield rows;
    after = rows.length === PAGE_ROWS ? rows.at(-1)?.id : undefined;
  } while (after !== undefined);
}
