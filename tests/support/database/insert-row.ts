import { randomUUID } from "node:crypto";
import type { RunSql } from "./sql";

/** Inserts a row of a person past row-level security, and resolves with its id: a new one, unless a column gives it. */
export async function insertRow(
  sql: RunSql,
  userId: string,
  table: string,
  columns: Record<string, unknown>,
): Promise<string> {
  const row: Record<string, unknown> = { id: randomUUID(), user_id: userId, ...columns };
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  await sql(`insert into public.${table} (${names.join(", ")}) values (${places.join(", ")})`, Object.values(row));
  return String(row.id);
}
